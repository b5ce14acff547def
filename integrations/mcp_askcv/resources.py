"""What a client may read beside the tools: the profile, and what each domain's items look like."""

from __future__ import annotations

from typing import Any

from mcp import types
from mcp.shared.exceptions import MCPError

from askcv_agents.domains import DOMAINS
from askcv_agents.toolbox import Toolbox
from askcv_agents.tools import to_json

PROFILE = "askcv://profile"
DOMAIN = "askcv://domains/"
JSON = "application/json"
TEMPLATE = types.ResourceTemplate(
    uri_template=f"{DOMAIN}{{domain}}",
    name="domain",
    title="Domain",
    description="What the items of a domain are, and the schema of their payload.",
    mime_type=JSON,
)


def listed(toolbox: Toolbox) -> list[types.Resource]:
    """The resources, the profile only where the token may read it."""
    profile = next((spec for spec in toolbox.specs if spec.name == "read_profile"), None)
    found = [
        types.Resource(
            uri=f"{DOMAIN}{name}", name=name, title=domain.label, description=domain.guidance, mime_type=JSON
        )
        for name, domain in DOMAINS.items()
    ]
    if profile is not None:
        about = profile.description
        found.insert(0, types.Resource(uri=PROFILE, name="profile", title="Profile", description=about, mime_type=JSON))
    return found


async def read(toolbox: Toolbox, uri: str) -> types.ReadResourceResult:
    """One resource as JSON.

    Raises:
        MCPError: there is no such resource, or the service refuses it.
    """
    name = uri.removeprefix(DOMAIN)
    if uri not in {resource.uri for resource in listed(toolbox)}:
        raise MCPError(types.INVALID_PARAMS, f"There is no resource {uri[:200]!r}.", {"uri": uri[:200]})
    if uri == PROFILE:
        result = await toolbox.acall("read_profile", {})
        if result.is_error:
            raise MCPError(types.INTERNAL_ERROR, result.payload["message"], result.payload)
        text = result.text
    else:
        text = to_json(_described(name))
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=JSON, text=text)])


def _described(name: str) -> dict[str, Any]:
    domain = DOMAINS[name]
    return {"domain": name, "guidance": domain.guidance, "payload": domain.model.model_json_schema(by_alias=True)}
