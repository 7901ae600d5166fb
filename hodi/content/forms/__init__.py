"""Forms: from an author's XLSForm to the model that phone and server run.

`compile_form` reads a file and gives its `FormModel`, or says with sheet, row and column what cannot be
run; `xform` gives what the field's own tools make of the same file. The runners (`hodi.content.runner`,
phone/src/forms) never see anything that this package has not let through.
"""

from hodi.content.forms.compiling import compile_form, xform
from hodi.content.forms.model import FORM_MODEL, FormModel

__all__ = ["FORM_MODEL", "FormModel", "compile_form", "xform"]
