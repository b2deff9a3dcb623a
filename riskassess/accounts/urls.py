"""A person's own pages, and what of the sign-in library stays shut.

An address is an administrator's, or the company's sign-in's, to give: a person who could name others' addresses as
their own could wait for the owner's first sign-in to be joined to their account.
"""

from django.urls import path, re_path

from riskassess.accounts import views

app_name = "accounts"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.new_token, name="new_token"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    # Before the library's own of the same addresses, which are thereby never reached.
    re_path(
        r"^(?:email/|confirm-email/|password/set/|3rdparty/$|social/connections/)", views.shut, name="shut"
    ),
]
