"""How fields of ``Auth`` and ``Options`` are shown in a form.

A form takes a field's name, title and description. Fields that are marked with one way of logging in go together, and
exclude those of other ways: ``Field(..., json_schema_extra={"way": "API key"})``.
"""

from pydantic.config import JsonDict

PASSWORD: JsonDict = {"way": "User name and password"}
TOKEN: JsonDict = {"way": "Token"}
