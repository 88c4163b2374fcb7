import platform
import sysconfig
from pathlib import Path

import turnpike


def test_the_source_root_holds_no_init_file_that_would_shadow_the_standard_library() -> None:
    source_root = Path(turnpike.__file__).parents[1]
    assert source_root.name == "platform"
    assert not (source_root / "__init__.py").exists()


def test_importing_platform_gives_the_module_of_the_standard_library() -> None:
    assert platform.__file__ is not None
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))
