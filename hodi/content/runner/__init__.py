"""The form runner of the server: what a filled-in form makes relevant, calculates, refuses and states.

It does what the phone's does (phone/src/forms), part by part under the same names, and both are held to
contract/vectors/forms.json. The server checks with it what arrives, previews forms, and lets an invented
population fill them in. It walks trees and evaluates no text.
"""

from hodi.content.runner.finish import Draft, FinishIds, Newcomer, answers_of, body_of, finish, introduces
from hodi.content.runner.pages import Page, pages, problems
from hodi.content.runner.run import Run, answer, start_run, start_with
from hodi.content.runner.validate import Problem
from hodi.content.runner.values import Answer, Context, Member, value_of

__all__ = [
    "Answer",
    "Context",
    "Draft",
    "FinishIds",
    "Member",
    "Newcomer",
    "Page",
    "Problem",
    "Run",
    "answer",
    "answers_of",
    "body_of",
    "finish",
    "introduces",
    "pages",
    "problems",
    "start_run",
    "start_with",
    "value_of",
]
