"""mlquote check and diff: exit codes, one answer in process and from a server, and a curl that is stopped too."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from mlquote.spend.budgets import Budget
from mlquote.store.api_keys import create_key
from mlquote.store.budgets import put_budget
from mlquote.store.engine import migrated
from tests.cli.conftest import Live, Ran

# openai.com/api/pricing: gpt-4o is $2.50 per million tokens in and $10 per million out.
# 1,000 requests of 2,000 in and 500 out: 1,000 x (2,000 x 2.5 + 500 x 10) / 1e6 = $10.
SPEC = """\
[questions.chat]
kind = "inference"
provider = "openai"
model = "gpt-4o"
as_of = 2026-06-01
requests = 1000
usage = { input_tokens = 2_000, output_tokens = 500 }

[[budget.limits]]
figure = "cost_usd"
fail_above = 10
warn_above = 9
"""
Mlquote = Callable[..., Ran]


def spec(text: str = SPEC, name: str = "spec.toml") -> Path:
    path = Path(name)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("= 10\nwarn_above = 9", "= 10"), 0, "PASS"),
        (("", ""), 0, "WARN"),
        (("= 1000", "= 1001"), 1, "FAIL"),
        (("2026-06-01", "2020-06-01"), 3, "UNKNOWN"),
    ],
    ids=["pass", "warn", "fail", "unknown"],
)
def test_a_verdict_proves_its_exit_code(mlquote: Mlquote, change, code, said) -> None:
    ran = mlquote("check", spec(SPEC.replace(*change)))
    assert (ran.code, ran.out.partition(":")[0]) == (code, said)


def test_strict_makes_a_warning_fail(mlquote: Mlquote) -> None:
    assert mlquote("check", spec(), "--strict").code == 1


@pytest.mark.parametrize(
    ("change", "place", "hint"),
    [
        (("requests =", "requets ="), "spec.toml:6:questions.chat.requets: unknown field", "nearest: requests"),
        (('"gpt-4o"', '"gpt-4oo"'), "spec.toml:4:questions.chat.model: no model named", "gpt-4o"),
        (('"openai"', '"opnai"'), "spec.toml:3:questions.chat.provider: no provider named", "nearest: openai"),
        (("1000", "-1"), "spec.toml:6:questions.chat.requests", ""),
        (('"inference"', '"inferense"'), "spec.toml:2:questions.chat.kind", "nearest: inference"),
        (("cost_usd", "cost"), "spec.toml:10:budget.limits.0.figure", "nearest: cost_usd"),
        (("[questions.chat]", "[questions.chat"), "spec.toml:1:", ""),
    ],
    ids=["field", "model", "provider", "negative", "kind", "budget", "syntax"],
)
def test_a_bad_question_exits_2_and_names_file_line_and_nearest(mlquote: Mlquote, change, place, hint) -> None:
    ran = mlquote("check", spec(SPEC.replace(*change, 1)))
    assert ran.code == 2
    assert place in ran.err
    assert hint in ran.err


@pytest.mark.parametrize(
    "arguments",
    [("missing.toml",), ("spec.toml", "--budget", "none.toml"), ("spec.toml", "--budget", "nobody"),
     ("spec.toml", "--write", "out.pdf"), ("spec.toml", "--reserve"), ("spec.toml", "--label", "team"),
     ("spec.toml", "--format", "xml")],
    ids=["spec", "budget-file", "budget-name", "suffix", "reserve", "label", "format"],
)  # fmt: skip
def test_a_wrong_argument_exits_2(mlquote: Mlquote, arguments) -> None:
    spec()
    assert mlquote("check", *arguments).code == 2


def test_a_server_that_is_not_there_exits_3(mlquote: Mlquote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlquote.cli.quoting.time.sleep", lambda _: None)
    ran = mlquote("check", spec(), "--server", "http://127.0.0.1:9", "--budget", "team", "--write", "comment.md")
    assert ran.code == 3
    assert "no answer from" in ran.err
    assert "no verdict (`unavailable`)" in Path("comment.md").read_text("utf-8")


def test_a_fault_of_ours_is_no_verdict(mlquote: Mlquote, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mlquote.cli.spend.report", broken)
    assert mlquote("check", spec()).code == 3


def test_every_format_is_written_in_one_run(mlquote: Mlquote) -> None:
    files = ["out/comment.md", "junit.xml", "answer.json", "table.txt"]
    ran = mlquote("check", spec(), "--format", "json", *[part for file in files for part in ("--write", file)])
    answer = json.loads(ran.out)
    assert json.loads(Path("answer.json").read_text("utf-8")) == answer
    assert answer["limits"][0]["asked"] == 10
    assert Path("out/comment.md").read_text("utf-8").startswith("### ⚠️ mlquote")
    assert Path("junit.xml").read_text("utf-8").startswith("<?xml")
    assert Path("table.txt").read_text("utf-8").startswith("WARN")


@pytest.mark.parametrize(
    ("change", "rule", "level", "line"),
    [
        (("= 1000", "= 1001"), "over-budget", "error", 9),
        (("", ""), "near-limit", "warning", 9),
        (("2026-06-01", "2020-06-01"), "unknown-figure", "error", 9),
        (("requests =", "requets ="), "bad-question", "error", 6),
        (('"gpt-4o"', '"gpt-4oo"'), "bad-question", "error", 4),
    ],
)
def test_sarif_shows_it_at_its_line_of_the_spec(mlquote: Mlquote, change, rule, level, line) -> None:
    ran = mlquote("check", spec(SPEC.replace(*change, 1)), "--format", "sarif", "--write", "out.sarif")
    assert ran.out == Path("out.sarif").read_text("utf-8")
    (run,) = json.loads(ran.out)["runs"]
    result = run["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], result["level"]) == (rule, level)
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("spec.toml", line)
    assert rule in {each["id"] for each in run["tool"]["driver"]["rules"]}


def test_a_check_that_passes_has_no_result_in_sarif(mlquote: Mlquote) -> None:
    ran = mlquote("check", spec(SPEC.replace("warn_above = 9\n", "")), "--format", "sarif")
    assert json.loads(ran.out)["version"] == "2.1.0"
    assert json.loads(ran.out)["runs"][0]["results"] == []


def test_a_failed_run_tells_it_in_the_same_formats(mlquote: Mlquote) -> None:
    ran = mlquote("check", spec(SPEC.replace("requests", "requets")), "--format", "json", "--write", "junit.xml")
    assert ran.code == 2
    assert json.loads(ran.out)["errors"][0]["hint"].startswith("nearest: requests")
    assert 'errors="1"' in Path("junit.xml").read_text("utf-8")


def test_a_budget_may_be_a_file_or_one_of_several_in_the_spec(mlquote: Mlquote) -> None:
    Path("team.yaml").write_text("limits: [{figure: cost_usd, fail_above: 9.99}]\n", "utf-8")
    several = (
        SPEC.replace("budget.limits", "budgets.small.limits") + "\n[[budgets.large.limits]]\nfigure = 'cost_usd'\n"
    )
    path = spec(several + "fail_above = 100\n")
    assert mlquote("check", path).code == 2  # which of the two?
    assert mlquote("check", path, "--budget", "large").code == 0
    assert mlquote("check", path, "--budget", "team.yaml").code == 1


@pytest.fixture
def team(live: Live, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A budget of $10 a month on the live service, and a key for it in the environment."""
    _, key = create_key(
        live.app.state.engine, "ci", ["budgets:write", "budgets:reserve"], now=datetime.now(UTC), by="test"
    )
    monkeypatch.setenv("MLQUOTE_API_KEY", key)
    name = request.node.name.split("[")[0].replace("_", "-")[:90]
    limits = [{"figure": "cost_usd", "per": "month", "fail_above": 10}]
    put = httpx.put(
        f"{live.url}/v1/budgets/{name}", json={"limits": limits}, headers={"Authorization": f"Bearer {key}"}
    )
    assert put.is_success
    return name


@pytest.mark.parametrize(("requests", "code"), [(1000, 0), (1001, 1)], ids=["under", "over"])
def test_the_command_and_curl_stop_the_same_spec(
    mlquote: Mlquote, live: Live, team: str, requests: int, code: int
) -> None:
    path = spec(SPEC.replace("= 1000", f"= {requests}"))
    assert mlquote("check", path, "--budget", team, "--server", live.url).code == code
    fields = {"provider": "openai", "model": "gpt-4o", "as_of": "2026-06-01", "requests": requests}
    body = json.dumps({"question": fields | {"usage": {"input_tokens": 2000, "output_tokens": 500}}})
    url = f"{live.url}/v1/budgets/{team}/checks?fail_status=409"
    curl = subprocess.run(
        ["curl", "--silent", "--fail", "--data", body, url], capture_output=True, check=False, timeout=30
    )
    assert curl.returncode == (22 if code else 0)  # 22: the server answered 400 or more


def test_a_server_gives_the_same_answer_as_this_process(mlquote: Mlquote, live: Live) -> None:
    own = json.loads(mlquote("check", spec(), "--format", "json").out)
    asked = json.loads(mlquote("check", spec(), "--format", "json", "--server", live.url).out)
    for answer in (own, asked):
        answer.pop("checked_at")
    assert asked == own


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("requests =", "requets ="), 2, "spec.toml:6:questions.chat.requets"),
        (('"gpt-4o"', '"gpt-4oo"'), 2, "spec.toml:4:questions.chat.model"),
        (("2026-06-01", "2020-06-01"), 3, ""),
    ],
    ids=["field", "model", "price"],
)
def test_a_server_fails_with_the_same_codes_and_places(
    mlquote: Mlquote, live: Live, team: str, change, code, said
) -> None:
    ran = mlquote("check", spec(SPEC.replace(*change, 1)), "--budget", team, "--server", live.url)
    assert ran.code == code
    assert said in ran.err


def test_an_unknown_budget_and_a_wrong_key_are_told_apart(mlquote: Mlquote, live: Live, team: str, monkeypatch) -> None:
    for name in (f"{team}x", "nlp/search", "../budgets"):
        assert mlquote("check", spec(), "--budget", name, "--server", live.url).code == 2
    monkeypatch.setenv("MLQUOTE_API_KEY", "mlq_0_wrong")
    assert mlquote("check", spec(), "--budget", team, "--server", live.url, "--reserve").code == 3


def test_a_retry_under_the_same_key_holds_once(mlquote: Mlquote, live: Live, team: str) -> None:
    path = spec(SPEC.replace("= 1000", "= 600"))
    arguments = ("check", path, "--budget", team, "--server", live.url, "--reserve", "--idempotency-key", "run-7")
    assert "Held as res_" in mlquote(*arguments).out
    assert mlquote(*arguments).code == 0
    assert mlquote("check", path, "--budget", team, "--server", live.url).code == 1  # $6 held and $6 asked of $10


def test_a_name_is_looked_up_in_this_machines_database(
    mlquote: Mlquote, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("MLQUOTE_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite3'}")
    limits = [{"figure": "cost_usd", "per": "total", "fail_above": 15}]
    with migrated(f"sqlite:///{tmp_path / 'own.sqlite3'}") as engine:
        put_budget(engine, "own", Budget.model_validate({"limits": limits}), now=datetime.now(UTC), by="test")
    path = spec()
    assert mlquote("check", path, "--budget", "own", "--reserve").code == 0
    assert mlquote("check", path, "--budget", "own").code == 1  # $10 held and $10 asked of $15
    assert mlquote("check", path, "--budget", "owm").code == 2


def test_a_diff_says_what_moved_by_how_much_and_why(mlquote: Mlquote, live: Live) -> None:
    base, head = spec(name="base.toml"), spec(SPEC.replace("= 1000", "= 3000").replace("= 500", "= 1_000"), "head.toml")
    ran = mlquote("diff", base, head, "--format", "json")
    (question,) = json.loads(ran.out)["questions"]
    assert ran.code == 0
    assert [(f["field"], f["base"], f["head"]) for f in question["fields"]] == [
        ("requests", 1000, 3000),
        ("usage.output_tokens", 500, 1000),
    ]
    # $10 -> 3 x $10 = $30 -> 3,000 x (2,000 x 2.5 + 1,000 x 10) / 1e6 = $45
    assert [step["changes"]["cost_usd"] for step in question["why"]] == [20, 15]
    assert question["figures"]["cost_usd"]["change"] == 35
    assert mlquote("diff", base, head, "--format", "json", "--server", live.url).out == ran.out


def test_fields_that_only_make_sense_together_are_one_step(mlquote: Mlquote) -> None:
    head = SPEC.replace('"openai"', '"anthropic"').replace('"gpt-4o"', '"claude-sonnet-4-5"')
    ran = mlquote("diff", spec(name="base.toml"), spec(head, "head.toml"), "--format", "json")
    (question,) = json.loads(ran.out)["questions"]
    assert [step["fields"] for step in question["why"]] == [["provider", "model"]]


def test_a_deployment_is_checked_and_compared(mlquote: Mlquote, live: Live) -> None:
    text = (
        "[serving.chat]\nmodel = 'llama-3.1-8b'\naccelerator = 'h100-sxm'\nusd_per_accelerator_hour = 2\nhours = 100\n"
    )
    limit = "[[budget.limits]]\nfigure = 'cost_usd'\nfail_above = 200\n"
    base, head = spec(text + limit, "base.toml"), spec(text.replace("= 100", "= 101") + limit, "head.toml")
    assert mlquote("check", base).code == 0  # 100 h x $2 = $200, exactly the limit
    assert mlquote("check", head).code == 1
    assert mlquote("check", head, "--server", live.url).code == 1
    ran = mlquote("diff", base, head, "--format", "json")
    assert json.loads(ran.out)["questions"][0]["why"][0] == {
        "fields": ["hours"],
        "changes": {
            "cost_usd": 2,
            "accelerator_hours": 1,
            "energy_kwh": pytest.approx(0.9, rel=0.5),
            "emissions_kgco2e": pytest.approx(0.4, rel=0.5),
        },
    }
    assert mlquote("check", spec(text.replace("hours = 100\n", "") + limit)).code == 3


def test_a_diff_into_the_unknown_exits_3_and_a_bad_one_2(mlquote: Mlquote) -> None:
    base = spec(name="base.toml")
    assert mlquote("diff", base, spec(SPEC.replace("2026-06", "2020-06"), "head.toml")).code == 3
    assert mlquote("diff", base, spec(SPEC.replace("requests", "requets"), "head.toml")).code == 2
    assert mlquote("diff", base, base, "--format", "junit").code == 2


def test_a_count_beside_the_other_fields_is_a_count_of_usage(mlquote: Callable[..., Ran], tmp_path: Path) -> None:
    """1 M tokens of gpt-4o at $2.50 against 2 M: `prompt_tokens` is `input_tokens`, which is `usage.input_tokens`."""
    spec = '[questions.chat]\nkind = "inference"\nmodel = "gpt-4o"\nprovider = "openai"\n{}\n'
    (tmp_path / "base.toml").write_text(spec.format('input_tokens = "1M"'))
    (tmp_path / "head.toml").write_text(spec.format("prompt_tokens = 2000000"))
    ran = mlquote("diff", "base.toml", "head.toml")
    assert ran.code == 0
    assert "usage.input_tokens: cost_usd +$2.50" in ran.out
