import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_folder_named_platform_does_not_shadow_the_standard_library() -> None:
    command = [sys.executable, "-c", "import platform; platform.python_implementation()"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_the_folder_named_platform_is_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
