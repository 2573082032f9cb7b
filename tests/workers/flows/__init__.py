"""Whole applications on pages of our own: what each page is, what it must receive, and how the try must end."""
