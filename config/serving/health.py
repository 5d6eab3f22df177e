"""What the supervisor says of the processes, for machines: `/health/processes`."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

RECORD = "processes.json"
"""Its file in the folder of what serves."""


@require_safe
def processes(request: HttpRequest) -> JsonResponse:
    """Which run, how often each was started, and how it ended; 503 where one is down."""
    try:
        told: dict[str, Any] = json.loads((settings.SERVING_FOLDER / RECORD).read_text())
    except (OSError, ValueError):
        told = {"processes": {}, "services_started_again": {}, "services_down_since": None}
    is_well = all(each["running"] for each in told["processes"].values())
    is_well = is_well and told["services_down_since"] is None
    status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(told, status=status, json_dumps_params={"indent": 1})
