"""What tests share: the sample workspace, the data, and a way to run commands."""

from __future__ import annotations

import gc
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import SparkSession

# A change is judged by the same examples on every machine, however slow that is.
# COPYLAB_EXPLORE=1 looks for new ones instead.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("COPYLAB_EXPLORE") else "steady")
if not os.environ.get("COPYLAB_EXPLORE"):
    # Hypothesis tries constants of the modules that are imported by then, which differs
    # with the worker and the order of the tests; its own constants do not.
    vars(providers)["_get_local_constants"] = providers.Constants

# Tests start many processes. Where nothing compiled is kept, each of them, and each worker,
# would compile all that it imports once more.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def command_server() -> Iterator[subprocess.Popen[bytes]]:
    """A process that forks for each command: what others wrote is imported once."""
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "tests/command_server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with server:
        yield server
        assert server.stdin is not None
        server.stdin.close()


@pytest.fixture(scope="session")
def run_copylab(
    command_server: subprocess.Popen[bytes], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Ran]:
    """Runs the command line in a process of its own.

    An interpreter is started for it where the environment says something to that.
    """
    asking, answering = command_server.stdin, command_server.stdout
    assert asking is not None
    assert answering is not None
    folder = tmp_path_factory.mktemp("commands")
    files = [folder / name for name in ("in", "out", "err")]

    def ask(arguments: list[str], cwd: Path, data: bytes, env: dict[str, str]) -> Ran:
        for file, held in zip(files, (data, b"", b""), strict=True):
            file.write_bytes(held)
        asked = {
            "arguments": arguments,
            "cwd": str(cwd.resolve()),
            "files": [*map(str, files)],
            "env": env,
        }
        asking.write(json.dumps(asked).encode() + b"\n")
        asking.flush()
        answer = answering.readline()
        assert answer, "the command server has ended"
        return Ran(int(answer), *(file.read_bytes().decode() for file in files[1:]))

    def run(
        *arguments: str, cwd: Path = ROOT, stdin: str | bytes = "", **env: str
    ) -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        given = [*map(str, arguments)]
        around = {
            **os.environ,
            "PYTHONIOENCODING": "utf-8",
            "GITHUB_ACTIONS": "",
            **env,
        }
        if not any(name.startswith("PYTHON") for name in env):
            return ask(given, cwd, data, around)
        done = subprocess.run(
            [sys.executable, "-m", "copylab", *given],
            cwd=cwd,
            input=data,
            capture_output=True,
            check=False,
            env=around,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def make_files(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes files below a new folder and gives the folder."""

    def make(files: dict[str, str | bytes]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The client of Spark leaves sockets to the garbage collector."""
    quiet = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(quiet)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A real Spark: a driver and two workers, each a process with one core.

    It listens on the loopback alone. The zone of the session is not UTC and not the
    machine's, so that a time which is read in the wrong one is a time that is wrong.
    """
    import pyspark  # noqa: PLC0415 - no other test needs it
    from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

    home = tmp_path_factory.mktemp("spark")
    for path in Path(pyspark.__file__).parent.iterdir():
        (home / path.name).symlink_to(path)  # workers leave their files in the home
    log = home / "log4j2.properties"
    log.write_text(
        "rootLogger.level = off\nappender.none.type = Null\nappender.none.name = none\n"
        "rootLogger.appenderRef.none.ref = none\n"
    )
    environment = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log}",
        "spark.executor.memory": "512m",
        "spark.sql.session.timeZone": "America/St_Johns",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(home / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        builder = SparkSession.builder.master("local-cluster[2,1,512]")
        session = builder.config(map=settings).getOrCreate()
        yield session
        session.stop()
        gc.collect()  # while the sockets of the client are let pass


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A private PostgreSQL in a temporary folder, reached by a socket in it alone.

    It refuses to run as root, and so runs as the user that its package made.
    """
    found = shutil.which("initdb") or next(
        map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path is short
    user = None
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        shutil.chown(home, user)
    data, programs = home / "data", Path(found).parent

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(home),
        }
        # The server keeps what it is given, so it is given no pipe of ours.
        with (home / f"{program}.out").open("ab") as out:
            subprocess.run(
                command, user=user, env=environment, cwd=home, check=True,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip

    try:
        run("initdb", "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = f"-k {home} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-w", "-l", str(home / "log"), "-o", settings, "start")
        try:
            yield f"postgresql://tester@/postgres?host={home}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
