from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner

from tjs_moderation.cli.simulator import simulator as command


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = CliRunner().invoke(command, ["--port", str(listener.getsockname()[1])])
    assert result.exit_code == 1
    assert "Choose another --port" in result.output
    assert "Traceback" not in result.output


def test_a_seed_that_cannot_be_used_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text("{", encoding="utf-8")
    result = CliRunner().invoke(command, ["--seed", str(path)])
    assert result.exit_code == 2
    assert "seed.json is not JSON" in result.output
