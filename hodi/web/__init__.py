"""The doors that speak HTTP: the phones' protocol under /api/, the phone app's files under /app/, and
the pages of staff, rendered here and live by server-sent events.

Reading order: app (every address), services (what routes need), headers and problems (what holds for
every answer), sessions (who asks), pages (one module per place somebody lands on), render and wording
(how pages speak), live (how they stay fresh). Routes ask `access` before they read `views` or let
`care` state something; no route holds SQL.
"""

from hodi.web.app import create_app
from hodi.web.services import Services, services_of

__all__ = ["Services", "create_app", "services_of"]
