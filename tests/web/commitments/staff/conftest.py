from __future__ import annotations

import pytest
from django.test import Client

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment
from tests.web.staff_clients import staff


@pytest.fixture
def agency() -> Agency:
    return an_agency(offices=["Patrol", "Traffic Unit"])


@pytest.fixture
def liaison(agency: Agency) -> Client:
    return staff(agency)


@pytest.fixture
def commitment(agency: Agency) -> Commitment:
    return a_commitment(agency)
