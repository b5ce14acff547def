"""Compares a running service with the contract, by calls that change nothing unless that is asked for."""

from askcv_agents.doctor.checks import examine
from askcv_agents.doctor.examination import Examination
from askcv_agents.doctor.findings import Finding, State
from askcv_agents.doctor.probe import ANNOUNCED, probe

__all__ = ["ANNOUNCED", "Examination", "Finding", "State", "examine", "probe"]
