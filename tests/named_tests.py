"""What the documents name as a test: whether pytest would find it, without collecting anything."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def classes_and_tests(file: Path) -> tuple[dict[str, ast.ClassDef], set[str]]:
    """What a file of tests defines at its top."""
    body = ast.parse(file.read_text()).body
    classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
    return classes, names_of_tests(body)


def names_of_tests(body: list[ast.stmt]) -> set[str]:
    """The names of the tests among these statements."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {n.name for n in body if isinstance(n, functions) and n.name.startswith("test_")}


@cache
def contracts() -> dict[str, ast.ClassDef]:
    """The suites that a class of tests may inherit from."""
    found: dict[str, ast.ClassDef] = {}
    for file in (ROOT / "tests").rglob("contracts/*.py"):
        found |= classes_and_tests(file)[0]
    return found


def inherited(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> set[str]:
    """The tests of a class and of all that it is made of."""
    bases = [
        classes[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in classes
    ]
    return names_of_tests(node.body).union(*(inherited(base, classes) for base in bases))


def exists(test: str) -> bool:
    """Whether pytest would find a test under this name."""
    name, *path = test.split("::")
    if not (ROOT / name).is_file():
        return False
    classes, tests = classes_and_tests(ROOT / name)
    if len(path) == 1:
        return path[0] in tests
    return path[0] in classes and path[1] in inherited(classes[path[0]], contracts() | classes)
