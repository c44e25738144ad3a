import asyncio
import time

from hive_desktop.relay.auth.accounts import Accounts, Applicant
from hive_desktop.relay.auth.throttle import Throttle
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.store import items, links, users
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.schema import AI_USAGE, AUDIT, DEVICES, INVITES, METADATA, USERS
from tests.relay.auth.world import GOOD, JANE, OTHER, Person, World


def said(answer):
    """Status and code of a refusal, which has the one shape of all refusals."""
    error = answer.json()["error"]
    assert set(error) == {"code", "title", "message", "hint", "request_id", "plaid"}
    return answer.status_code, error["code"]


def add_item(world, person, name="item-1"):
    new = items.NewItem(name, person.id, "sandbox", "ins_1", "Bank of Test")
    world.run(items.add, new, to_ms(world.now()))


class TestRegistering:
    def test_open_registration_signs_in_at_once(self, world):
        answer = world.register(device="  Jane's laptop ")
        assert answer.status_code == 201
        body = answer.json()
        assert set(body) == {
            "access_token",
            "expires_at",
            "refresh_token",
            "refresh_expires_at",
            "user",
            "device_id",
        }
        assert body["user"]["email"] == JANE
        assert Person(world, body).is_signed_in()
        assert world.rows(DEVICES)[0]["name"] == "Jane's laptop"
        assert world.events() == ["registered"]

    def test_an_address_is_taken_once_however_it_is_written(self, world):
        world.person("Jane@Example.ORG")
        assert said(world.register("jane@EXAMPLE.org")) == (409, "email_taken")
        assert len(world.rows(USERS)) == 1
        world.again("JANE@example.org")

    def test_many_at_once_make_one_account(self, world):
        body = {"email": JANE, "password": GOOD, "device_name": "d"}

        async def work():
            return await asyncio.gather(
                *(world.send("POST", "/auth/register", json=body) for _ in range(6))
            )

        answers = [answer.status_code for answer in asyncio.run(work())]
        assert sorted(answers) == [201] + [409] * 5

    def test_closed_registration_wants_an_invite(self, closed):
        assert said(closed.register()) == (403, "invite_needed")
        assert said(closed.register(invite="hi-guess")) == (403, "invite_refused")
        assert closed.passwords.asked == 0
        assert closed.register(invite=closed.invited()).status_code == 201

    def test_an_invite_is_for_one_person(self, closed):
        invite = closed.invited()
        closed.register(invite=invite)
        assert said(closed.register("john@example.org", invite=invite)) == (403, "invite_refused")

    def test_an_invite_used_by_many_at_once_lets_one_in(self, closed):
        invite = closed.invited()

        async def work():
            return await asyncio.gather(
                *(
                    closed.send(
                        "POST",
                        "/auth/register",
                        json={
                            "email": f"p{n}@example.org",
                            "password": GOOD,
                            "device_name": "d",
                            "invite": invite,
                        },
                    )
                    for n in range(6)
                )
            )

        answers = [answer.status_code for answer in asyncio.run(work())]
        assert sorted(answers) == [201] + [403] * 5
        assert len(closed.rows(USERS)) == 1

    def test_an_invite_ends(self, closed):
        invite = closed.invited(days=7)
        closed.now.pass_(days=7)
        assert said(closed.register(invite=invite)) == (403, "invite_refused")

    def test_a_taken_address_leaves_the_invite_unused(self, closed):
        closed.register(invite=closed.invited("hi-one"))
        invite = closed.invited("hi-two")
        assert said(closed.register(invite=invite)) == (409, "email_taken")
        assert closed.register("john@example.org", invite=invite).status_code == 201

    def test_without_an_invite_nobody_learns_who_has_an_account(self, closed):
        closed.register(invite=closed.invited())
        taken, free = closed.register(), closed.register("nobody@example.org")
        assert said(taken) == said(free) == (403, "invite_needed")

    def test_the_store_has_no_invite_code(self, closed):
        assert closed.invited("hi-secret-code") not in str(closed.rows(INVITES))

    def test_weak_passwords_are_refused_and_cost_no_invite(self, closed):
        invite = closed.invited()
        assert said(closed.register(password="password12", invite=invite)) == (422, "weak_password")
        assert said(closed.register(password="short", invite=invite)) == (422, "invalid_request")
        assert closed.register(invite=invite).status_code == 201

    def test_registrations_of_one_address_are_few(self, closed):
        for _ in range(20):
            assert said(closed.register()) == (403, "invite_needed")
        assert said(closed.register()) == (429, "too_many_requests")
        assert said(closed.register(address="192.0.2.2")) == (403, "invite_needed")


class TestSigningIn:
    def test_each_sign_in_is_a_device(self, world):
        first = world.person()
        second = world.again(device="phone")
        assert first.device_id != second.device_id
        assert first.is_signed_in()
        listed = second.ask("GET", "/auth/devices").json()["devices"]
        assert {(d["name"], d["is_current"]) for d in listed} == {
            ("laptop", False),
            ("phone", True),
        }

    def test_unknown_address_and_wrong_password_get_the_same_answer(self, world):
        world.person()
        wrong, unknown = world.sign_in(password=OTHER), world.sign_in("nobody@example.org", OTHER)
        first, second = wrong.json()["error"], unknown.json()["error"]
        del first["request_id"], second["request_id"]
        assert first == second
        headers = [dict(answer.headers) for answer in (wrong, unknown)]
        for found in headers:
            del found["x-request-id"]
        assert headers[0] == headers[1]
        assert wrong.status_code == unknown.status_code == 401

    def test_unknown_address_and_wrong_password_cost_the_same_work(self, world):
        world.person()
        asked, written = [], []
        for email in (JANE, "nobody@example.org"):
            before = world.passwords.asked, len(world.rows(AUDIT))
            world.sign_in(email, OTHER)
            asked.append(world.passwords.asked - before[0])
            written.append(len(world.rows(AUDIT)) - before[1])
        assert asked == written == [1, 1]

    def test_unknown_address_and_wrong_password_take_the_same_time(self, tmp_path):
        world = World(tmp_path)
        world.passwords._cost = 8
        world.passwords._nobody = b"$2b$08$" + world.passwords._nobody[7:]
        world.person()

        def spent(n):
            started = time.perf_counter()
            world.sign_in((JANE, "nobody@example.org")[n % 2], OTHER, address=f"192.0.2.{n}")
            return time.perf_counter() - started

        seen = [spent(n) for n in range(24)]
        world.close()
        known, unknown = min(seen[::2]), min(seen[1::2])
        assert 0.6 < known / unknown < 1.6

    def test_a_password_changed_while_it_is_checked_opens_no_device(self, world, monkeypatch):
        person = world.person()
        matches = world.passwords.matches

        async def slow(password, hashed):
            is_right = await matches(password, hashed)
            user = await world.store.run(users.by_id, person.id)
            await world.store.run(users.set_password, user, "another")
            await world.relay.sessions.revoke_all(person.id)
            return is_right

        monkeypatch.setattr(world.passwords, "matches", slow)
        assert said(world.sign_in()) == (401, "wrong_sign_in")
        assert all(row["revoked_at"] for row in world.rows(DEVICES))

    def test_the_database_away_is_503_and_no_failure(self, world, monkeypatch):
        world.person()
        for _ in range(9):
            with monkeypatch.context() as patch:
                patch.setattr(world.passwords, "matches", busy)
                assert said(world.sign_in()) == (503, "busy")
        world.again()


async def busy(_password, _hashed):
    raise RelayError(503, "busy", "", "", "")


ASKED = {"X-Hive-Cookie": "1"}


class TestCookies:
    def sign_in(self, world):
        world.person()
        return world.sign_in(headers=ASKED)

    def test_a_browser_gets_the_token_in_a_cookie_that_scripts_cannot_read(self, world):
        answer = self.sign_in(world)
        assert answer.json()["refresh_token"] is None
        name, _, rest = answer.headers["set-cookie"].partition("=")
        token, *attributes = rest.split("; ")
        assert name == "__Secure-hive-refresh"
        assert token.startswith("hr1.")
        assert token not in answer.text
        assert {a.lower() for a in attributes} == {
            "httponly",
            "secure",
            "samesite=strict",
            "path=/api/v1/auth",
            "max-age=604800",
        }

    def test_a_desktop_gets_no_cookie(self, world):
        assert "set-cookie" not in world.register().headers

    def test_the_cookie_renews_with_the_header_only(self, world):
        cookie = self.sign_in(world).headers["set-cookie"].partition(";")[0]
        forged = world.ask("POST", "/auth/refresh", headers={"Cookie": cookie})
        assert said(forged) == (401, "not_signed_in")
        renewed = world.ask("POST", "/auth/refresh", headers={"Cookie": cookie, **ASKED})
        assert renewed.status_code == 200
        assert renewed.json()["refresh_token"] is None
        assert renewed.headers["set-cookie"].partition(";")[0] != cookie

    def test_a_token_in_body_and_cookie_is_refused(self, world):
        answer = world.renew("hr1.x.y", headers=ASKED)
        assert said(answer) == (422, "invalid_request")

    def test_the_header_alone_renews_nothing(self, world):
        assert said(world.ask("POST", "/auth/refresh", headers=ASKED)) == (
            401,
            "not_signed_in",
        )
        assert said(world.ask("POST", "/auth/refresh")) == (401, "not_signed_in")

    def test_signing_out_takes_the_cookie_away(self, world):
        answer = world.person().ask("POST", "/auth/logout")
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert "Path=/api/v1/auth" in answer.headers["set-cookie"]


class TestSessions:
    def test_a_renewed_sign_in_works_and_the_old_token_again(self, world):
        person = world.person()
        first = world.renew(person.refresh_token).json()
        assert first["user"] == {"id": person.id, "email": JANE}
        assert Person(world, first).is_signed_in()
        assert world.renew(person.refresh_token).json()["refresh_token"] == first["refresh_token"]

    def test_a_reused_token_ends_the_access_tokens_too(self, world):
        person = world.person()
        world.renew(person.refresh_token)
        world.now.pass_(seconds=31)
        assert said(world.renew(person.refresh_token)) == (401, "not_signed_in")
        assert not person.is_signed_in()
        assert world.revoked == [person.device_id]

    def test_signing_out_ends_this_device_only(self, world):
        person, other = world.person(), world.again()
        answer = person.ask("POST", "/auth/logout")
        assert (answer.status_code, answer.content) == (204, b"")
        assert not person.is_signed_in()
        assert said(world.renew(person.refresh_token)) == (401, "not_signed_in")
        assert other.is_signed_in()

    def test_signing_out_everywhere(self, world):
        people = [world.person(), world.again(), world.again()]
        assert people[0].ask("POST", "/auth/logout-everywhere").status_code == 204
        assert not any(person.is_signed_in() for person in people)
        assert sorted(world.revoked) == sorted(p.device_id for p in people)

    def test_another_device_is_signed_out_by_name(self, world):
        person, other = world.person(), world.again()
        assert person.ask("DELETE", f"/auth/devices/{other.device_id}").status_code == 204
        assert not other.is_signed_in()
        again = person.ask("DELETE", f"/auth/devices/{other.device_id}")
        assert said(again) == (404, "not_found")
        assert len(person.ask("GET", "/auth/devices").json()["devices"]) == 1

    def test_another_persons_device_is_not_there(self, world):
        person, other = world.person(), world.person("john@example.org")
        assert said(person.ask("DELETE", f"/auth/devices/{other.device_id}")) == (404, "not_found")
        assert other.is_signed_in()

    def test_renewals_of_one_address_are_bounded(self, world):
        for _ in range(120):
            assert world.renew("hr1.x.y").status_code == 401
        assert said(world.renew("hr1.x.y")) == (429, "too_many_requests")


class TestChangingThePassword:
    def change(self, person, old=GOOD, new=OTHER, **more):
        return person.ask("POST", "/auth/password", json={"old": old, "new": new}, **more)

    def test_other_devices_must_sign_in_again(self, world):
        person, other = world.person(), world.again()
        assert self.change(person).status_code == 204
        assert person.is_signed_in()
        assert not other.is_signed_in()
        assert world.sign_in().status_code == 401
        world.again(password=OTHER)

    def test_it_wants_the_old_one(self, world):
        person = world.person()
        assert said(self.change(person, old="wrong one here")) == (403, "wrong_password")
        world.again()

    def test_it_refuses_a_weak_one(self, world):
        assert said(self.change(world.person(), new="password12")) == (422, "weak_password")

    def test_a_stolen_sign_in_cannot_try_passwords_without_end(self, world):
        person = world.person()
        for n in range(5):
            assert self.change(person, old=f"guess {n}").status_code == 403
        assert said(self.change(person)) == (429, "too_many_requests")
        assert person.is_signed_in()


class TestLeaving:
    def leave(self, person, password=GOOD, **body):
        return person.ask("DELETE", "/auth/me", json={"password": password, **body})

    def test_nothing_of_the_person_stays(self, world):
        person = world.person()
        add_item(world, person)
        world.run(
            lambda c: c.execute(
                AI_USAGE.insert().values(user_id=person.id, day=1, requests=1, tokens=1)
            )
        )
        assert self.leave(person, items=["item-1"]).status_code == 204
        assert world.ended == ["item-1"]
        assert not person.is_signed_in()
        assert person.device_id in world.revoked
        left = {table.name: world.rows(table) for table in METADATA.sorted_tables}
        assert [name for name, rows in left.items() if rows] == ["audit"]
        [row] = left["audit"]
        assert (row["kind"], row["user_id"], row["address"]) == ("account_deleted", None, None)
        assert world.register().status_code == 201

    def test_it_refuses_while_items_stay_and_says_how_many(self, world):
        person = world.person()
        for n in range(3):
            add_item(world, person, f"item-{n}")
        answer = self.leave(person, items=["item-1"])
        assert said(answer) == (409, "items_remain")
        assert "2 still connected" in answer.json()["error"]["message"]
        assert person.is_signed_in()
        assert self.leave(person, items=["item-0", "item-2"]).status_code == 204

    def test_a_refused_seal_deletes_nothing(self, world):
        person = world.person()
        assert said(self.leave(person, items=["stolen"])) == (403, "sealed_token_refused")
        assert person.is_signed_in()

    def test_items_may_be_abandoned(self, world):
        person = world.person()
        add_item(world, person)
        assert self.leave(person, abandon=True).status_code == 204

    def test_it_refuses_while_an_exchange_is_under_way(self, world):
        person = world.person()
        at = to_ms(world.now())
        world.run(
            links.add,
            links.Link("l", person.id, person.device_id, "sealed", None, at, at + 10**7),
        )
        world.run(links.begin, links.Attempt("x", person.id, "l", "b", at), 9)
        answer = self.leave(person)
        assert said(answer) == (409, "items_remain")
        assert "1 being connected" in answer.json()["error"]["message"]

    def test_it_wants_the_password(self, world):
        person = world.person()
        assert said(self.leave(person, OTHER)) == (403, "wrong_password")
        assert person.is_signed_in()
        assert world.ended == []

    def test_a_token_outlives_nobody(self, world):
        person = world.person()
        self.leave(person)
        for path in ("/auth/me", "/auth/devices", "/me/data"):
            assert said(person.ask("GET", path)) == (401, "not_signed_in")


class TestWhatIsStored:
    def test_a_person_sees_all_of_it_and_no_secret(self, world):
        person = world.person()
        world.sign_in(password=OTHER)
        add_item(world, person)
        at = to_ms(world.now())
        world.run(
            links.add,
            links.Link("l", person.id, person.device_id, "SEALED", None, at, at + 10**7),
        )
        attempt = links.Attempt("x", person.id, "l", "b", at)
        world.run(links.begin, attempt, 9)
        item = items.NewItem("item-2", person.id, "sandbox", None, "Other Bank")
        world.run(links.finish, attempt, item, "SEALED", at)
        world.run(
            lambda c: c.execute(
                AI_USAGE.insert().values(user_id=person.id, day=20_000, requests=2, tokens=345)
            )
        )
        answer = person.ask("GET", "/me/data")
        body = answer.json()
        assert body["user"]["email"] == JANE
        assert [d["name"] for d in body["devices"]] == ["laptop"]
        assert {i["institution"] for i in body["items"]} == {"Bank of Test", "Other Bank"}
        assert [x["id"] for x in body["links"]] == ["l"]
        assert [(x["state"], x["item_id"]) for x in body["exchanges"]] == [("done", "item-2")]
        assert body["ai_usage"] == [{"day": "2024-10-04", "requests": 2, "tokens": 345}]
        assert [e["kind"] for e in body["events"]] == ["sign_in_refused", "registered"]
        assert body["events"][0]["at"] == "2026-05-06T07:08:09.123000Z"
        secrets = ["SEALED", "$2b$", person.refresh_token, world.rows(DEVICES)[0]["refresh_hash"]]
        assert not any(secret in answer.text for secret in secrets)

    def test_nobody_sees_another_person(self, world):
        other = world.person("john@example.org")
        add_item(world, other)
        body = world.person().ask("GET", "/me/data")
        assert "john@example.org" not in body.text
        assert other.id not in body.text
        assert body.json()["items"] == []


def test_an_applicant_shows_no_password():
    assert GOOD not in repr(Applicant(JANE, GOOD, "d", "192.0.2.1"))


def test_the_log_holds_no_password_token_or_address_of_a_person(world, caplog):
    caplog.set_level("DEBUG")
    person = world.person()
    world.sign_in(password=OTHER)
    renewed = world.renew(person.refresh_token).json()
    person.ask("GET", "/me/data")
    secrets = (GOOD, OTHER, JANE, person.token, person.refresh_token, renewed["refresh_token"])
    written = "\n".join(str(record.__dict__) for record in caplog.records)
    assert not any(secret in written for secret in secrets)


def test_accounts_are_made_of_their_parts(world):
    throttle = Throttle(world.limits, world.relay.metrics)
    made = Accounts(world.relay, world.passwords, throttle, world.remove_items)
    session = asyncio.run(made.register(Applicant(JANE, GOOD, "d", "192.0.2.1"), None))
    assert asyncio.run(made.sign_in(Applicant(JANE, GOOD, "d", "192.0.2.1"))) != session
