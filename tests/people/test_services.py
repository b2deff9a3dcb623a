"""What an administrator may do to whom, and what is never done: the last administrator stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from riskassess.accounts import tokens
from riskassess.accounts.models import AccessToken, BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import parsed, synchronise
from riskassess.jobs import services as jobs
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.people import services
from riskassess.people.rights import kept_by
from riskassess.trail.models import Entry
from tests.builders import make_person, make_unit

pytestmark = pytest.mark.django_db


class TestRoles:
    def test_gita_gives_and_takes_them_in_her_unit_and_the_trail_says_so(
        self, gita: User, procurement: BusinessUnit, cleo: User
    ) -> None:
        given = services.give_role(cleo, procurement, Role.REQUESTER, by=gita)
        again = services.give_role(cleo, procurement, Role.REQUESTER, by=gita)
        assert given == again
        services.take_role(given, by=gita)
        assert not cleo.memberships.filter(unit=procurement).exists()
        about_cleo = Entry.objects.filter(about_kind="accounts.user", about_id=cleo.pk)
        assert [entry.action for entry in about_cleo.filter(kind="accounts.membership")[:2]] == [2, 0]

    def test_not_in_the_unit_of_another_administrator(
        self, gita: User, hugo: User, research: BusinessUnit, ana: User, cleo: User
    ) -> None:
        with pytest.raises(PermissionDenied):
            services.give_role(ana, research, Role.APPROVER, by=gita)
        with pytest.raises(PermissionDenied):
            services.take_role(cleo.memberships.get(), by=gita)
        with pytest.raises(PermissionDenied):
            services.rename_unit(research, "Development", by=gita)

    def test_nobody_without_the_role_keeps_anything(
        self, ana: User, dora: User, ben: User, procurement: BusinessUnit
    ) -> None:
        for person in (ana, dora):
            with pytest.raises(PermissionDenied):
                services.give_role(ben, procurement, Role.REQUESTER, by=person)
            with pytest.raises(PermissionDenied):
                services.make_unit("Mine", by=person)
            with pytest.raises(PermissionDenied):
                services.deactivate(ben, by=person)

    def test_the_last_administrator_of_a_unit_stays(self, gita: User, procurement: BusinessUnit) -> None:
        with pytest.raises(Conflict, match="last administrator"):
            services.take_role(gita.memberships.get(), by=gita)
        second = make_person("Ines Mori", (procurement, Role.ADMINISTRATOR))
        services.take_role(second.memberships.get(), by=gita)
        # Neither one who cannot sign in, nor one whose access ends by itself, is somebody else.
        make_person("Jon Wu", (procurement, Role.ADMINISTRATOR), is_active=False)
        Membership.objects.create(
            user=second, unit=procurement, role="administrator", until=timezone.now() + timedelta(hours=1)
        )
        with pytest.raises(Conflict, match="last administrator"):
            services.take_role(gita.memberships.get(), by=gita)

    def test_a_unit_that_nobody_keeps_is_every_administrators(self, gita: User, hugo: User) -> None:
        left = make_unit("Left alone")
        assert {unit.name for unit in kept_by(gita)} == {"Procurement", "Left alone"}
        services.give_role(hugo, left, Role.ADMINISTRATOR, by=gita)
        assert {unit.name for unit in kept_by(gita)} == {"Procurement"}
        assert {unit.name for unit in kept_by(hugo)} == {"Research", "Left alone"}

    def test_a_superuser_keeps_all_units_and_a_new_one_is_its_makers(self, procurement: BusinessUnit) -> None:
        root = User.objects.create_superuser("root@example.com", "x", name="Root")
        assert set(kept_by(root)) == {procurement}
        unit = services.make_unit("  Legal   affairs ", by=root)
        assert unit.name == "Legal affairs"
        assert root.memberships.get().role == "administrator"
        with pytest.raises(InvalidInput, match="There is a unit"):
            services.make_unit("Legal affairs", by=root)

    def test_what_groups_give_is_not_given_or_taken_by_hand(
        self, gita: User, procurement: BusinessUnit, settings: LazySettings
    ) -> None:
        settings.OIDC_ROLES = parsed({"buyers": ["Procurement: requester"]})
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {}}
        kim = make_person("Kim Sato")
        local = services.give_role(kim, procurement, Role.REQUESTER, by=gita)  # who does not come through it
        services.take_role(local, by=gita)
        SocialAccount.objects.create(user=kim, provider="company", uid="kim")
        synchronise(kim, ["buyers"], settings.OIDC_ROLES)
        with pytest.raises(Conflict, match="comes from a group"):
            services.take_role(kim.memberships.get(), by=gita)
        with pytest.raises(Conflict, match="by its name"):
            services.rename_unit(procurement, "Buying", by=gita)
        services.give_role(kim, procurement, Role.ASSESSOR, by=gita)
        assert kim.memberships.count() == 2


class TestAccounts:
    def test_who_leaves_is_out_at_once(self, gita: User, ana: User, as_ana: Client) -> None:
        as_ana.post("/account/logout/")
        ana.set_password("a long and quiet river")
        ana.save()
        as_ana.post("/account/login/", {"login": ana.email, "password": "a long and quiet river"})
        key = tokens.make(ana, "export", []).key
        assert as_ana.get("/assessments/").status_code == 200
        services.deactivate(ana, by=gita)
        assert as_ana.get("/assessments/").status_code == 302
        assert Client().get("/api/v1/units/", headers={"Authorization": f"Bearer {key}"}).status_code == 401
        services.reactivate(ana, by=gita)
        assert Client().get("/api/v1/units/", headers={"Authorization": f"Bearer {key}"}).status_code == 401
        assert as_ana.get("/assessments/").status_code == 302  # signed out; a new sign-in is another thing
        changed = Entry.objects.filter(kind="accounts.user", object_id=ana.pk, action=1)
        moves = [entry.changes["is_active"] for entry in changed if "is_active" in entry.changes]
        assert moves == [[False, True], [True, False]]

    def test_not_ones_own_and_not_the_last_administrators(
        self, gita: User, procurement: BusinessUnit
    ) -> None:
        with pytest.raises(Conflict, match="your own"):
            services.deactivate(gita, by=gita)
        root = User.objects.create_superuser("root@example.com", "x", name="Root")
        with pytest.raises(Conflict, match="last administrator"):
            services.deactivate(gita, by=root)
        with pytest.raises(NotAllowed, match="superuser"):
            services.deactivate(root, by=gita)

    def test_an_account_is_its_units_administrators_together(
        self, gita: User, hugo: User, ana: User, research: BusinessUnit, procurement: BusinessUnit
    ) -> None:
        services.give_role(ana, research, Role.REQUESTER, by=hugo)
        for by in (gita, hugo):
            with pytest.raises(NotAllowed, match="which others administer"):
                services.end_sessions(ana, by=by)
        services.give_role(gita, research, Role.ADMINISTRATOR, by=hugo)
        services.deactivate(ana, by=gita)

    def test_a_lost_device(self, gita: User, ana: User) -> None:
        Authenticator.objects.create(user=ana, type=Authenticator.Type.TOTP, data={})
        assert services.reset_second_factor(ana, by=gita) == 1
        assert services.reset_second_factor(ana, by=gita) == 0
        jobs.drain()
        assert [(one.to, one.subject) for one in mail.outbox] == [
            ([ana.email], "Riskassess: your second factor was taken off")
        ]
        assert Entry.objects.filter(kind="mfa.authenticator", action=2, about_id=ana.pk).exists()
        with pytest.raises(Conflict):
            services.reset_second_factor(gita, by=gita)

    def test_a_link_for_a_new_password_opens_and_stands_nowhere(self, gita: User, ana: User) -> None:
        services.send_password_link(ana, by=gita)
        jobs.drain()
        jobs.drain()
        link = next(line for line in str(mail.outbox[0].body).splitlines() if line.startswith("http"))
        client = Client()
        form = client.get(link[link.index("/account") :], follow=True)
        client.post(
            form.redirect_chain[-1][0], {"password1": "quite a new one 7", "password2": "quite a new one 7"}
        )
        ana.refresh_from_db()
        assert ana.check_password("quite a new one 7")
        key = link.rstrip("/").rsplit("-", 1)[1]
        assert key not in str(list(Entry.objects.values()))
        assert len(mail.outbox) == 1

    def test_another_address_is_the_only_one(self, gita: User, ana: User) -> None:
        services.correct(ana, "Ana  Silva", "Ana.Silva@Example.com", by=gita)
        ana.refresh_from_db()
        assert (ana.name, ana.email) == ("Ana Silva", "ana.silva@example.com")
        with pytest.raises(InvalidInput, match="Somebody else"):
            services.correct(ana, "Ana", gita.email.upper(), by=gita)

    def test_tokens(self, gita: User, ana: User) -> None:
        for name in ("a", "b"):
            tokens.make(ana, name, [])
        assert services.revoke_tokens(ana, by=gita) == 2
        assert not AccessToken.objects.live(timezone.now()).exists()
