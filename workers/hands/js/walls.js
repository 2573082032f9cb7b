// What stands in a visitor's way on this page, as far as the page's structure tells.
// Shape: {widgets: [{type, method, solved}], guard}.
function obstacles() {
  const WIDGETS = [
    ["recaptcha_enterprise", "frame", "iframe[src*='/recaptcha/enterprise/anchor']"],
    ["recaptcha_v2", "frame", "iframe[src*='/recaptcha/api2/anchor']"],
    ["recaptcha_challenge", "frame", "iframe[src*='/recaptcha/'][src*='bframe']"],
    ["hcaptcha", "frame", "iframe[src*='hcaptcha.com']"],
    ["turnstile", "frame", "iframe[src*='challenges.cloudflare.com']"],
    ["funcaptcha", "frame", "iframe[src*='arkoselabs.com'], iframe[src*='funcaptcha.com']"],
    ["datadome", "frame", "iframe[src*='captcha-delivery.com']"],
    ["incapsula", "frame", "iframe[src*='_Incapsula_Resource']"],
    ["recaptcha_v2", "container", ".g-recaptcha:not([data-size=invisible])"],
    ["hcaptcha", "container", ".h-captcha:not([data-size=invisible])"],
    ["turnstile", "container", ".cf-turnstile"],
    ["perimeterx", "container", "#px-captcha, .px-captcha-container"],
    ["geetest", "container", ".geetest_holder, .geetest_captcha, .geetest_box"],
    ["aws_waf", "container", "awswaf-captcha, #captcha-container > [class*='amzn-captcha']"],
    ["other", "frame", "iframe[title*='captcha' i], iframe[title*='challenge' i]"],
    ["other", "container", "#captcha, [class*='captcha-box']"],
    ["image", "picture", "img[src*='captcha' i], img[alt*='captcha' i], img[id*='captcha' i], canvas[id*='captcha' i]"],
  ];
  const ANSWERS = {
    recaptcha_v2: "g-recaptcha-response", recaptcha_enterprise: "g-recaptcha-response",
    recaptcha_challenge: "g-recaptcha-response", hcaptcha: "h-captcha-response", turnstile: "cf-turnstile-response",
  };
  // What asks nothing of anybody: the badge of an invisible widget, and frames that wait outside the page.
  const INVISIBLE = /size=invisible|checkbox-invisible|frame=hcaptcha-invisible/;
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const visible = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return visible && box.right + scrollX > 0 && box.bottom + scrollY > 0 ? box : null;
  };
  const stands = (element, type) => {
    if (element.closest(".grecaptcha-badge") || INVISIBLE.test(element.getAttribute("src") ?? "")) return false;
    const box = shown(element);
    if (type === "image") return Boolean(box) && box.width > 60 && Boolean(answerBox(element));
    return Boolean(box) && box.width > 100 && box.height > 40;
  };
  const answerBox = (picture) => {
    const around = picture.closest("form") ?? picture.parentElement?.parentElement;
    return [...(around?.querySelectorAll("input:not([type]), input[type=text]") ?? [])].find(
      (field) => /captcha|characters|code/i.test(`${field.name} ${field.id} ${field.placeholder}`) && shown(field),
    );
  };
  const solved = (type) =>
    ANSWERS[type] !== undefined &&
    [...document.getElementsByName(ANSWERS[type])].some((field) => (field.value ?? "") !== "");
  const widgets = [];
  for (const [type, method, selector] of WIDGETS) {
    for (const element of document.querySelectorAll(selector)) {
      if (!stands(element, type)) continue;
      widgets.push({ type, method, solved: type === "image" ? answerBox(element).value !== "" : solved(type) });
    }
  }
  // An invisible Turnstile or a widget in a closed shadow root shows by its answer field and the room it takes.
  for (const field of document.getElementsByName("cf-turnstile-response")) {
    const room = field.parentElement && shown(field.parentElement);
    if (room && room.height > 40 && room.width > 100) {
      widgets.push({ type: "turnstile", method: "container", solved: field.value !== "" });
    }
  }
  const guard =
    (window._cf_chl_opt || document.querySelector("#challenge-form, #challenge-running, .cf-browser-verification")
      ? "cloudflare" : "") ||
    (document.querySelector("script[src*='captcha-delivery.com'], iframe[src*='captcha-delivery.com']") ? "datadome" : "") ||
    (document.querySelector("#px-captcha, .px-captcha-container") ? "perimeterx" : "") ||
    (document.querySelector("iframe[src*='_Incapsula_Resource']") ? "incapsula" : "");
  return { widgets, guard };
}
