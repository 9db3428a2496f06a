"""Log-in by OpenID Connect: authorization code with PKCE, state and nonce; the role comes from a claim of the ID token.

Belongs here: the way to the provider and back, and who the token makes somebody. Does not: routes
(console/web/pages/provider.py).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from console.access import audit_log, sessions
from console.access.access import Access
from console.access.roles import Role
from console.access.secrets import digest, new_secret
from console.access.users import clean_name
from console.store.sessions import ProviderLogIn
from console.store.users import User
from preaudit.errors import PreauditError

ALGORITHMS = ["RS256", "ES256", "PS256"]  # signatures only; "none" and shared secrets are no proof of the provider
LASTS = timedelta(minutes=10)
SCOPE = "openid profile email"
TIMEOUT_SECONDS = 10.0


class ProviderRefused(PreauditError):
    """The provider did not answer, or what it answered does not let anybody in."""

    status = 403


@dataclass(frozen=True)
class Way:
    """Where the browser goes, and the secret that it must bring back in a cookie."""

    address: str
    state: str


def begin(access: Access, redirect_uri: str, next_address: str) -> Way:
    """Start a log-in.

    Raises:
        ProviderRefused: no provider is set, or it does not answer.
    """
    metadata = _metadata(access)
    state, nonce, verifier = new_secret(), new_secret(), secrets.token_urlsafe(48)
    address = prepare_grant_uri(
        metadata["authorization_endpoint"],
        access.settings.console_oidc_client_id,
        "code",
        redirect_uri,
        SCOPE,
        state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    now = access.clock()
    with access.store.writing() as db:
        db.execute(delete(ProviderLogIn).where(ProviderLogIn.expires_at <= now))
        row = ProviderLogIn(state_sha256=digest(state), nonce=nonce, verifier=verifier, next=next_address[:2000])
        row.expires_at = now + LASTS
        db.add(row)
    return Way(address, state)


def finish(access: Access, redirect_uri: str, state: str, cookie_state: str, code: str) -> tuple[str, str]:
    """The provider's answer; returns the session's secret and where to go.

    Raises:
        ProviderRefused: the answer is not to this browser's question, was used, came too late, or names no role.
    """
    if not state or not secrets.compare_digest(state.encode(), cookie_state.encode()):
        raise ProviderRefused("This answer does not belong to a log-in of this browser.", remedy="Log in again.")
    now = access.clock()
    with access.store.writing() as db:
        row = db.get(ProviderLogIn, digest(state))
        if row is None or row.expires_at <= now:
            raise ProviderRefused("This log-in was used or took too long.", remedy="Log in again.")
        db.delete(row)
    claims = _claims(access, redirect_uri, code, row)
    with access.store.writing() as db:
        user = _user(db, access, claims, now)
        # The user is kept though this log-in is refused, so that an admin can give the period.
        is_complete = user.role != Role.AUDITOR or user.period_first_on is not None
        if is_complete:
            audit_log.append(db, now, user.name, "logged_in", provider=access.settings.console_oidc_issuer)
            return sessions.start(db, user, now, access.lifetime), row.next
    raise ProviderRefused("An auditor sees one period, and an admin has not given it yet.", remedy="Ask an admin.")


def _claims(access: Access, redirect_uri: str, code: str, row: ProviderLogIn) -> dict[str, Any]:
    settings, metadata = access.settings, _metadata(access)
    try:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": row.verifier}
        secret = (settings.console_oidc_client_id, settings.console_oidc_client_secret.get_secret_value())
        given = httpx.post(metadata["token_endpoint"], data=asked, auth=secret, timeout=TIMEOUT_SECONDS)
        keys = httpx.get(metadata["jwks_uri"], timeout=TIMEOUT_SECONDS).raise_for_status().json()
        token = jwt.decode(given.raise_for_status().json()["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(access.clock().timestamp()),
            leeway=60,
            iss={"essential": True, "value": metadata["issuer"]},
            aud={"essential": True, "value": settings.console_oidc_client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": row.nonce},
        )
        rules.validate(token.claims)
    except (JoseError, httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        raise ProviderRefused(
            f"The provider's answer was not accepted ({type(error).__name__}).", remedy="Log in again."
        ) from error
    return dict(token.claims)


def _user(db: Session, access: Access, claims: dict[str, Any], now: datetime) -> User:
    """The user of these claims, made on the first log-in; the role follows the claim, the scope stays what an admin gave."""
    role = _role(claims.get(access.settings.console_oidc_role_claim))
    subject = f"{claims['iss']} {claims['sub']}"
    user = db.scalars(select(User).where(User.subject == subject)).first()
    if user is None:
        name = clean_name(str(claims.get("preferred_username") or claims.get("email") or claims["sub"]))
        if db.scalars(select(User).where(User.name == name)).first() is not None:
            # Else whoever can choose a name at the provider could take a local user's place.
            raise ProviderRefused(f"There is a local user {name} already.", remedy="Ask an admin.")
        user = User(name=name, role=role, subject=subject, is_active=True, created_at=now)
        db.add(user)
        db.flush()
        audit_log.append(db, now, "provider", "user_added", name, role=role.value)
    if not user.is_active:
        raise ProviderRefused("This user is disabled.", remedy="Ask an admin.")
    if user.role != role:
        audit_log.append(db, now, "provider", "user_changed", user.name, role=role.value)
        user.role = role
        sessions.end_all(db, user.user_id)
    return user


def _role(claim: Any) -> Role:
    values = claim if isinstance(claim, list) else [claim]
    roles = [role for role in Role if role.value in values]
    if len(roles) != 1:
        raise ProviderRefused("The provider names no role of the console for you, or several.", remedy="Ask an admin.")
    return roles[0]


def _metadata(access: Access) -> dict[str, Any]:
    issuer = access.settings.console_oidc_issuer.rstrip("/")
    if not issuer:
        raise ProviderRefused("No provider is set.", remedy="Log in with name and password.")
    try:
        answer = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=TIMEOUT_SECONDS)
        found: dict[str, Any] = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderRefused("The provider does not answer.", remedy="Try again, or ask an admin.") from error
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderRefused("The provider calls itself otherwise than the settings do.", remedy="Ask an admin.")
    return found
