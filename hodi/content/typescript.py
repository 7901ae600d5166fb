"""TypeScript types from msgspec structs, so that no type of the phone is kept by hand twice. Which files are
written from what stands in hodi/sync/typescript.py.

Fields, optional ones and explanations are taken over as they stand: a struct becomes an interface, a
tagged struct a member of the union that names it, an alias a type. A private struct of the module gives
its fields to those that inherit from it. The explanation of a field or an alias is the string that follows
it in the source.
"""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Iterable, Iterator, Mapping

import msgspec

_SIMPLE = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "None": "null"}
_WIDTH = 140


def declarations(modules: Iterable[types.ModuleType]) -> list[str]:
    """The declarations of some modules, in the order of their sources."""
    return [part for module in modules for part in _parts(module)]


def _parts(module: types.ModuleType) -> Iterator[str]:
    """The declarations of a module, in the order of its source."""
    tree = ast.parse(inspect.getsource(module))
    bases = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef) and one.name.startswith("_")}
    tagged: dict[str, str] = {}
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.ClassDef):
            class_ = getattr(module, node.name)
            if node.name in bases:
                continue
            body = [*node.body, *_inherited(node, bases)]
            if not (isinstance(class_, type) and issubclass(class_, msgspec.Struct)):
                continue
            if class_.__struct_config__.tag is None:
                yield _interface(class_, body)
            else:
                tagged[node.name] = _tagged(class_, body)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, said = node.targets[0].id, _said(after)
            if name.startswith("_"):
                continue
            value = getattr(module, name)
            if name.isupper():
                if isinstance(value, int):
                    yield f"{_comment(said)}export const {name} = {value};"
            elif tagged and all(part in tagged for part in _names(node.value)):
                members = "".join(f"\n{tagged[part]}" for part in _names(node.value))
                yield f"{_comment(said)}export type {name} ={members};"
            else:
                yield f"{_comment(said)}export type {name} = {_type(node.value)};"


def _inherited(node: ast.ClassDef, bases: Mapping[str, ast.ClassDef]) -> list[ast.stmt]:
    """The fields of a struct that stand in private structs of its module, the nearest first."""
    lines: list[ast.stmt] = []
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in bases:
            lines += [*bases[base.id].body[1:], *_inherited(bases[base.id], bases)]  # without its docstring
    return lines


def _names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.BinOp):
        return [*_names(node.left), *_names(node.right)]
    return [node.id] if isinstance(node, ast.Name) else [""]


def _said(node: ast.stmt | None) -> str:
    """The explanation that a statement is, or nothing."""
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return inspect.cleandoc(node.value.value)
    return ""


def _comment(text: str, indent: str = "") -> str:
    if not text:
        return ""
    one = f"{indent}/** {text} */\n"
    if "\n" not in text and len(one) <= _WIDTH:
        return one
    lines = "".join(f"{indent} * {line}".rstrip() + "\n" for line in text.split("\n"))
    return f"{indent}/**\n{lines}{indent} */\n"


def _fields(class_: type[msgspec.Struct], body: list[ast.stmt]) -> Iterator[tuple[str, str, str]]:
    """Of each field: its name (`?` if it may be absent), its type, its explanation."""
    optional = class_.__struct_config__.omit_defaults
    fields = {field.name: field for field in msgspec.structs.fields(class_)}
    for line, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            field = fields[line.target.id]
            mark = "" if field.required or not optional else "?"
            yield f"{field.encode_name}{mark}", _type(line.annotation, absent=bool(mark)), _said(after)


def _interface(class_: type[msgspec.Struct], body: list[ast.stmt]) -> str:
    fields = "".join(
        f"{_comment(said, '  ')}  readonly {name}: {type_};\n" for name, type_, said in _fields(class_, body)
    )
    return (
        f"{_comment(inspect.cleandoc(class_.__doc__ or ''))}export interface {class_.__name__} {{\n{fields}}}"
    )


def _tagged(class_: type[msgspec.Struct], body: list[ast.stmt]) -> str:
    config = class_.__struct_config__
    parts = [f"readonly {config.tag_field}: '{config.tag}'"]
    parts += [f"readonly {name}: {type_}" for name, type_, _ in _fields(class_, body)]
    return f"{_comment(inspect.cleandoc(class_.__doc__ or ''), '  ')}  | {{ {'; '.join(parts)} }}"


def _type(node: ast.expr, *, absent: bool = False) -> str:
    """The TypeScript of an annotation; a field that may be absent is never null."""
    if isinstance(node, ast.BinOp):
        parts = [part for part in _union(node) if not (absent and _is_none(part))]
        return " | ".join(dict.fromkeys(_type(part) for part in parts))
    if isinstance(node, ast.Constant):
        return "null" if node.value is None else f"'{node.value!s}'"
    if isinstance(node, ast.Name):
        return _SIMPLE.get(node.id, node.id)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        match node.value.id:
            case "Literal":
                return " | ".join(_type(part) for part in inner)
            case "tuple":
                of = _type(inner[0])
                return f"readonly {f'({of})' if '|' in of else of}[]"
            case "dict" | "Mapping":
                return f"Readonly<Record<{_type(inner[0])}, {_type(inner[1])}>>"
    raise TypeError(f"no TypeScript for {ast.unparse(node)}")


def _union(node: ast.expr) -> list[ast.expr]:
    return [*_union(node.left), *_union(node.right)] if isinstance(node, ast.BinOp) else [node]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
