"""Reads Python modules as a JSON array of texts, and prints for each what it is made of."""

import ast
import json
import sys

STATEMENTS = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Return,
    ast.Expr,
    ast.Pass,
)
ROOTS = ("dg", "pydantic", "enum", "partita")
EXPRESSIONS = (
    ast.Call,
    ast.Attribute,
    ast.Name,
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.Subscript,
    ast.UnaryOp,
    ast.YieldFrom,
)


def dotted(node):
    """The name that an expression of names and attributes is; None for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        root = dotted(node.value)
        return root and f"{root}.{node.attr}"
    return None


def surveyed(text):
    defined, odd, callees, imports, constants = set(), [], set(), [], []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.expr):
            if not isinstance(node, EXPRESSIONS):
                odd.append(type(node).__name__)
            elif isinstance(node, ast.Constant):
                if isinstance(node.value, str):
                    constants.append(node.value)
            elif isinstance(node, ast.Call):
                callees.add(dotted(node.func) or "an expression")
            elif isinstance(node, ast.Attribute):
                name = dotted(node)
                if not name or name.split(".")[0] not in ROOTS:
                    odd.append(name or "an attribute of an expression")
        elif isinstance(node, ast.stmt):
            if not isinstance(node, STATEMENTS):
                odd.append(type(node).__name__)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                defined.add(node.name)
            elif isinstance(node, ast.Assign):
                defined.update(one.id for one in node.targets)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                imports.append(ast.unparse(node))
    return {
        "odd": odd,
        "callees": sorted(callees - defined),
        "imports": imports,
        "constants": [text.encode("utf-16-le", "surrogatepass").hex() for text in constants],
    }


# Texts with halves of characters cannot be written as UTF-8: they come and go as they are in JSON.
json.dump([surveyed(text) for text in json.load(sys.stdin)], sys.stdout)
