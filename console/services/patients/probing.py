"""What somebody may see: the server is asked as the platform's services ask it, with row security, for a user.

Nothing of it stays: the role and the user hold for one read-only transaction, and go with it.
"""

from dataclasses import dataclass
from uuid import UUID

from console.db.database import Database
from console.db.identifiers import quote
from console.db.pipeline import Request
from console.db.query import Query
from console.errors import NoPrivilege, Unsupported, UsageError
from console.services.patients.found_models import Become, Role, Somebody, Visible
from console.services.roles.wanted import APP
from console.units import number_of

ROLE = Query(__package__, "role")
SOMEBODY = Query(__package__, "somebody")
BECOME = Query(__package__, "become")
VISIBLE = Query(__package__, "visible")

UNASKED = "Nothing was asked on anybody's behalf."


@dataclass(frozen=True, slots=True)
class Seen:
    """What a user may see."""

    user: Somebody
    """Who."""
    visible: Visible
    """What."""

    @property
    def sentence(self) -> str:
        """The same for a person."""
        user, seen = self.user, self.visible
        where = f" of {user.department}" if user.department else ", who has no department,"
        asleep = "" if user.is_active else " He cannot sign in."
        this = {None: "", True: " This patient is among them.", False: " This patient is not among them."}[
            seen.this_one
        ]
        what = f"{number_of(seen.patients, 'patient')} and {number_of(seen.tasks, 'task')}"
        return f"{user.username}{where} may see {what}.{this}{asleep}"

    def as_json(self) -> dict[str, object]:
        """The same for a script."""
        user, seen = self.user, self.visible
        return {
            "user": user.username, "user_id": user.id, "department": user.department, "is_active": user.is_active,
            "patients": seen.patients, "tasks": seen.tasks, "this_patient": seen.this_one,
        }  # fmt: skip


async def seen_by(db: Database, user: str, patient: UUID | None = None) -> Seen:
    """What a user of this name or uuid may see, and whether that is this patient.

    Raises Unsupported without the services' role, NoPrivilege where we may not become it, UsageError for nobody.
    """
    if not (await db.fetch(ROLE, Role, role=APP))[0].exists:
        raise Unsupported(
            f"There is no role {APP} on this server, as which the services would ask.",
            state=UNASKED,
            hint="Create it: emr-console roles apply.",
        )
    somebody = await _somebody(db, user)
    become: Request[Become] = Request(BECOME, Become, {"role": APP, "user_id": str(somebody.id)})
    visible: Request[Visible] = Request(VISIBLE, Visible, {"id": patient})
    async with db.asking() as session:
        answers = await session.pipeline(become, visible)
    if isinstance(answers.error(become), NoPrivilege):
        raise NoPrivilege(
            f"This role may not become {APP}, as which the services ask.",
            state=UNASKED,
            hint=f"A superuser can allow it: GRANT {APP} TO {quote((await db.server()).user)};",
        )
    answers.rows(become)
    if isinstance(answers.error(visible), NoPrivilege):
        raise NoPrivilege(
            f"{APP} itself may not read patients and tasks: the services see nothing either.",
            state=UNASKED,
            hint="Give it its rights: emr-console roles apply.",
        )
    return Seen(somebody, answers.rows(visible)[0])


async def _somebody(db: Database, name: str) -> Somebody:
    try:
        found = await db.fetch(SOMEBODY, Somebody, user=name)
    except NoPrivilege as error:
        user = quote((await db.server()).user)
        raise NoPrivilege(
            "This role may not read users and departments, so that nobody can be found whose view is asked for.",
            state=UNASKED,
            hint=f"Their owner can give the rights: GRANT SELECT (id, username, department_id, is_active) ON"
            f" public.users TO {user}; GRANT SELECT (id, name) ON public.departments TO {user};",
        ) from error
    if not found:
        raise UsageError("Nobody of the users has this name or id.", state=UNASKED, hint="Give a username, or a uuid.")
    return found[0]
