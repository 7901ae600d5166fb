"""Data quality: whether what arrived holds against its form.

A phone checks answers while they are given; a manipulated or faulty app, or one with another form, does not.
So every event with raw answers is filled in again by the server's form runner, in the background, after it
was accepted: nothing is refused here. What does not hold goes to `answer_fault`, the data-quality list.
"""

from hodi.quality.checking import Fault, check_answers
from hodi.quality.keeping import ListedFault, check, faults_of, form_versions, resolve

__all__ = ["Fault", "ListedFault", "check", "check_answers", "faults_of", "form_versions", "resolve"]
