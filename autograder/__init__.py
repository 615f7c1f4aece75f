"""What instructors run: release, grade, feedback, export. Never shipped to students."""

import sys

# jsonschema, which comes with nbformat, would build a grammar of international addresses, which takes longer than all that
# nbformat needs. Without this module it goes on without that one check, for which no notebook has a use.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
