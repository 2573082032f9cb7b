"""VALET's addresses below /api/v1/gh."""

from rest_framework.routers import SimpleRouter

from valet.views import ValetViewSet

router = SimpleRouter(trailing_slash=False)
router.register("valet", ValetViewSet, basename="valet")

urlpatterns = router.urls
