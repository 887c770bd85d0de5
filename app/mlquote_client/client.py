"""The client that waits for each answer.

Written from async_client.py by benchmarks/clients/typed_answers.py.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, Unpack

import httpx

from mlquote_client import answers, calls, questions
from mlquote_client.calls import Call
from mlquote_client.problems import NoAnswer
from mlquote_client.reading import made, parsed, plain, whole

T = TypeVar("T")
Log = bytes | str | Path | Iterable[Mapping[str, Any]]
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before anything was sent."""


class Client:
    """Asks one mlquote service; every answer is a dataclass of `mlquote_client.answers`.

    Args:    base_url: where the service answers; api_key: sent as X-API-Key; timeout: seconds, or httpx's own kind;
             retries: further attempts where the service cannot be reached or says 429, 502, 503 or 504, made only where
             sending twice does no more than sending once (reading, estimates, PUT, whatever has an Idempotency-Key);
             transport: another way to the service, as httpx takes it; headers: sent with every request
    Raises:  by every method: Problem where the service refuses, NoAnswer, UnexpectedAnswer
    """

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        *,
        api_key: str | None = None,
        timeout: float | httpx.Timeout = 30.0,
        retries: int = 2,
        transport: httpx.BaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        own = dict(headers or {}) | ({"X-API-Key": api_key} if api_key else {})
        self._http = httpx.Client(base_url=base_url, timeout=timeout, transport=transport, headers=own)
        self._retries = retries

    def __enter__(self) -> "Client":
        """Itself; its connections are closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def training(
        self, *, detail: str | None = None, **question: Unpack[questions.TrainingQuestion]
    ) -> answers.TrainingQuestionAnswer:
        """What a training run costs: FLOP, hours, energy, emissions, dollars."""
        path = "/v1/estimates/training"
        return self._ask(calls.asked(path, answers.TrainingQuestionAnswer, question, detail=detail))

    def inference(self, *, detail: str | None = None, **question: Unpack[questions.ApiUsage]) -> answers.ApiUsageAnswer:
        """What API usage costs, to the last digit."""
        return self._ask(calls.asked("/v1/estimates/inference", answers.ApiUsageAnswer, question, detail=detail))

    def inference_batch(
        self, asked: Iterable[Mapping[str, Any]], *, release: str | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """Many questions of API usage, answered in order, each failing alone: its `code` and `errors` in its place."""
        body = calls.log_bytes(asked)
        path = "/v1/estimates/inference/batch"
        params = {} if release is None else {"release": release}
        answer = self._send(Call("POST", path, object, params, body, calls.LINES))
        for line in calls.lines_of(answer.content):
            yield plain(parsed(line))

    def tokens(self, **question: Unpack[questions.TextCount]) -> answers.TextCountAnswer:
        """How many tokens a text is, and what sending it would cost."""
        return self._ask(calls.asked("/v1/estimates/inference/tokens", answers.TextCountAnswer, question))

    def serving(
        self, *, detail: str | None = None, **question: Unpack[questions.ServingQuestion]
    ) -> answers.ServingQuestionAnswer:
        """What hosting a model yourself costs: speed, memory, energy, dollars a million tokens."""
        path = "/v1/estimates/serving"
        return self._ask(calls.asked(path, answers.ServingQuestionAnswer, question, detail=detail))

    def annotation(
        self, *, detail: str | None = None, **question: Unpack[questions.AnnotationQuestion]
    ) -> answers.AnnotationQuestionAnswer:
        """What labels cost: by people, with a model's help, by a model."""
        path = "/v1/estimates/annotation"
        return self._ask(calls.asked(path, answers.AnnotationQuestionAnswer, question, detail=detail))

    def project(
        self, *, detail: str | None = None, **question: Unpack[questions.ProjectQuestion]
    ) -> answers.ProjectQuestionAnswer:
        """What a whole project costs, over its months."""
        path = "/v1/estimates/project"
        return self._ask(calls.asked(path, answers.ProjectQuestionAnswer, question, detail=detail))

    def plan_training(
        self, *, detail: str | None = None, **question: Unpack[questions.TrainingPlan]
    ) -> answers.TrainingPlanAnswer:
        """The training run of lowest predicted loss for what there is to spend."""
        path = "/v1/plans/training"
        return self._ask(calls.asked(path, answers.TrainingPlanAnswer, question, detail=detail))

    def plan_loss(self, *, detail: str | None = None, **question: Unpack[questions.LossPlan]) -> answers.LossPlanAnswer:
        """What lowering the loss from a to b costs, under each law."""
        return self._ask(calls.asked("/v1/plans/loss", answers.LossPlanAnswer, question, detail=detail))

    def plan_placement(self, *, detail: str | None = None, **question: Any) -> answers.PlacementAnswer:
        """The same run elsewhere, at another time or on other terms: what it saves."""
        return self._ask(calls.asked("/v1/plans/placement", answers.PlacementAnswer, question, detail=detail))

    def plan_adaptation(
        self, *, detail: str | None = None, **question: Unpack[questions.AdaptationPlan]
    ) -> answers.AdaptationPlanAnswer:
        """Prompt, cache, fine-tune and host, distil or train: what each costs, and when it pays off."""
        path = "/v1/plans/adaptation"
        return self._ask(calls.asked(path, answers.AdaptationPlanAnswer, question, detail=detail))

    def compare(self, **question: Any) -> answers.ComparisonAnswer:
        """One question with fields given as lists, ranked; `kind` says of what, and its fields stand beside."""
        return self._ask(calls.asked("/v1/comparisons", answers.ComparisonAnswer, question))

    def compare_releases(self, **question: Unpack[questions.QuoteChange]) -> answers.QuoteChangeAnswer:
        """Why a quote of API usage is not what it was."""
        return self._ask(calls.asked("/v1/comparisons/releases", answers.QuoteChangeAnswer, question))

    def scaling_law(self, **question: Unpack[questions.ScalingQuestion]) -> answers.ScalingQuestionAnswer:
        """Loss against parameters, tokens, compute and dollars under one law, the other laws beside it."""
        return self._ask(calls.asked("/v1/scaling-laws/evaluate", answers.ScalingQuestionAnswer, question))

    def loss(self, **question: Any) -> answers.LossAnswer:
        """J(theta): one loss with its cost, per-example values, gradient, penalty, diagnostics."""
        return self._ask(calls.asked("/v1/losses/evaluate", answers.LossAnswer, question))

    def loss_by_framework(self, **question: Any) -> answers.FrameworksAnswer:
        """One input under every framework's defaults, each gap explained."""
        return self._ask(calls.asked("/v1/losses/compare", answers.FrameworksAnswer, question))

    def penalty(self, **question: Any) -> answers.PenaltyAnswer:
        """Penalties and their gradients."""
        return self._ask(calls.asked("/v1/regularizers/evaluate", answers.PenaltyAnswer, question))

    def closed_form(self, **question: Any) -> answers.ClosedFormAnswer:
        """Least squares, ridge, lasso and elastic net coefficients."""
        return self._ask(calls.asked("/v1/losses/closed-form", answers.ClosedFormAnswer, question))

    def class_weights(self, **question: Any) -> answers.ClassWeightsAnswer:
        """Weights of imbalanced classes."""
        return self._ask(calls.asked("/v1/losses/class-weights", answers.ClassWeightsAnswer, question))

    def decision_threshold(self, **question: Any) -> answers.DecisionAnswer:
        """Decisions from probabilities and costs."""
        return self._ask(calls.asked("/v1/losses/decision-threshold", answers.DecisionAnswer, question))

    def descent(self, **question: Any) -> answers.DescentAnswer:
        """Every step of gradient descent and its relatives."""
        return self._ask(calls.asked("/v1/losses/descent", answers.DescentAnswer, question))

    def surface(self, **question: Any) -> answers.SurfaceAnswer:
        """The objective along one or two directions."""
        return self._ask(calls.asked("/v1/losses/surface", answers.SurfaceAnswer, question))

    def losses(self) -> answers.Losses:
        """Every loss and penalty: formula, parameters, properties, framework spellings, pitfalls."""
        return self._ask(calls.read("/v1/losses", answers.Losses))

    def about_loss(self, name: str) -> answers.LossSaid:
        """One loss."""
        return self._ask(calls.read(f"/v1/losses/{name}", answers.LossSaid))

    def about_penalty(self, name: str) -> answers.PenaltySaid:
        """One penalty."""
        return self._ask(calls.read(f"/v1/regularizers/{name}", answers.PenaltySaid))

    def catalog(self) -> answers.CatalogSaid:
        """The newest release: tables, row counts, age."""
        return self._ask(calls.read("/v1/catalog", answers.CatalogSaid))

    def releases(self) -> answers.ReleaseList:
        """Every release, newest first."""
        return self._ask(calls.read("/v1/catalog/releases", answers.ReleaseList))

    def release_changes(self, older: str, newer: str) -> Iterator[answers.RowChange]:
        """What changed between two releases, page after page."""
        call = calls.read(f"/v1/catalog/releases/{older}/diff/{newer}", object)
        yield from self._paged(call, answers.RowChange, "changes")

    def rows(self, table: str, **filters: Any) -> Iterator[Any]:
        """Rows of a table, page after page, each as its table's dataclass (`answers.ROWS`).

        Filters are those of the service: provider, model, meter, region, as_of, q, sort; `from_` and `to` bound a span.
        """
        call = calls.read(f"/v1/catalog/{table}", object, **filters)
        yield from self._paged(call, answers.ROWS.get(table, Any))

    def facts(self, table: str, key: str, **filters: Any) -> Iterator[Any]:
        """The rows of one id in effect at a moment (`as_of`, default now)."""
        call = calls.read(f"/v1/catalog/{table}/{key}", object, **filters)
        yield from self._paged(call, answers.ROWS.get(table, Any))

    def history(self, table: str, key: str, **filters: Any) -> Iterator[Any]:
        """Every version of one fact, oldest first."""
        call = calls.read(f"/v1/catalog/{table}/{key}/history", object, **filters)
        yield from self._paged(call, answers.ROWS.get(table, Any))

    def providers(self, q: str | None = None) -> Iterator[answers.Provider]:
        """Who sells what."""
        yield from self._paged(calls.read("/v1/catalog/providers", object, q=q), answers.Provider)

    def sold_models(self, q: str | None = None) -> Iterator[answers.SoldModel]:
        """Every model that is sold per token, and by whom."""
        yield from self._paged(calls.read("/v1/catalog/token_models", object, q=q), answers.SoldModel)

    def zones(self, q: str | None = None) -> Iterator[answers.Zone]:
        """Every grid zone with its other names."""
        yield from self._paged(calls.read("/v1/catalog/zones", object, q=q), answers.Zone)

    def codes(self) -> answers.Codes:
        """Every code of warnings, errors and diagnostics, and what to do about it."""
        return self._ask(calls.read("/v1/codes", answers.Codes))

    def budgets(self, *labels: str) -> answers.Budgets:
        """Every budget, or those with all these labels: `team=nlp`."""
        params = {"label": list(labels)} if labels else {}
        return self._ask(Call("GET", "/v1/budgets", answers.Budgets, params))

    def budget(self, name: str) -> answers.BudgetStanding:
        """A budget, and where each of its limits stands now."""
        return self._ask(calls.read(f"/v1/budgets/{name}", answers.BudgetStanding))

    def put_budget(self, name: str, limits: Sequence[Mapping[str, Any]], **more: Any) -> answers.BudgetKept:
        """Create a budget, or replace its limits and keep its ledger; also `labels`, `expires_after_s`, `note`."""
        body = {"limits": list(limits), **more}
        return self._ask(calls.written("PUT", f"/v1/budgets/{name}", answers.BudgetKept, body))

    def delete_budget(self, name: str) -> None:
        """Take a budget out of use; its ledger is kept."""
        self._send(calls.written("DELETE", f"/v1/budgets/{name}", object))

    def check(
        self,
        name: str,
        question: Mapping[str, Any] | None = None,
        *,
        questions: Sequence[Mapping[str, Any]] | Mapping[str, Mapping[str, Any]] | None = None,
        reserve: bool = False,
        idempotency_key: str | None = None,
        **more: Any,
    ) -> answers.Report:
        """May this be spent? With `reserve` it is held, once for each key (default: a new one)."""
        told = {"question": question, "questions": questions, "reserve": reserve, **more}
        body = {field: value for field, value in told.items() if value is not None}
        path = f"/v1/budgets/{name}/checks"
        if not reserve:
            return self._ask(calls.asked(path, answers.Report, body))
        return self._ask(calls.keyed(path, answers.Report, calls.encoded(body), idempotency_key))

    def reservation(self, reservation_id: str) -> answers.ReservationNow:
        """One reservation."""
        return self._ask(calls.read(f"/v1/reservations/{reservation_id}", answers.ReservationNow))

    def reservations(self, name: str, state: str | None = None) -> answers.Reservations:
        """The newest reservations of a budget, of one state where that is asked."""
        return self._ask(calls.read(f"/v1/budgets/{name}/reservations", answers.Reservations, state=state))

    def settle(
        self,
        reservation_id: str,
        actual: Mapping[str, Any],
        *,
        confirm: bool = False,
        idempotency_key: str | None = None,
    ) -> answers.ReservationSettled:
        """Record what was really spent; `confirm` where it is many times what was reserved."""
        body = calls.encoded({"actual": dict(actual), "confirm": confirm})
        path = f"/v1/reservations/{reservation_id}/settle"
        return self._ask(calls.keyed(path, answers.ReservationSettled, body, idempotency_key))

    def give_back(self, reservation_id: str, *, idempotency_key: str | None = None) -> answers.ReservationSaid:
        """Give back what was held: nothing was spent."""
        path = f"/v1/reservations/{reservation_id}/release"
        return self._ask(calls.keyed(path, answers.ReservationSaid, None, idempotency_key))

    def ledger(self, name: str, reservation: str | None = None) -> Iterator[answers.LedgerEntry]:
        """Every entry of a budget, in the order in which it was written, page after page."""
        after: int | None = 0
        while after is not None:
            path = f"/v1/budgets/{name}/ledger"
            call = calls.read(path, answers.LedgerEntries, after=after, reservation=reservation)
            page = self._ask(call)
            yield from page.rows
            after = page.next_after

    def ledger_audit(self, name: str) -> answers.LedgerAudit:
        """Sum the whole ledger again and compare it with the balances."""
        return self._ask(calls.read(f"/v1/budgets/{name}/ledger/audit", answers.LedgerAudit))

    def correct(
        self, name: str, transaction: str, actual: Mapping[str, Any], reason: str, *, idempotency_key: str | None = None
    ) -> answers.CorrectionWritten:
        """Correct what a transaction counted as spent, by a counter entry with its reason."""
        body = calls.encoded({"transaction": transaction, "actual": dict(actual), "reason": reason})
        path = f"/v1/budgets/{name}/ledger/corrections"
        return self._ask(calls.keyed(path, answers.CorrectionWritten, body, idempotency_key))

    def price_usage(
        self,
        log: Log,
        *,
        media_type: str = calls.LINES,
        budget: str | None = None,
        idempotency_key: str | None = None,
        **how: Any,
    ) -> answers.UsageCost:
        """A usage log, priced at the prices of each line's moment; `by`, `timezone`, `provider`, `release` say how.

        With `budget` its cost is charged there, once for one `idempotency_key`.
        """
        params = {name: value for name, value in ({"budget": budget} | how).items() if value is not None}
        content, path = calls.log_bytes(log), "/v1/usage/cost"
        if budget is None:
            return self._ask(Call("POST", path, answers.UsageCost, params, content, media_type))
        charge = calls.keyed(path, answers.UsageCost, content, idempotency_key, params=params, media_type=media_type)
        return self._ask(charge)

    def rate_cards(self) -> answers.Cards:
        """Every rate card in use."""
        return self._ask(calls.read("/v1/rate-cards", answers.Cards))

    def rate_card(self, reference: str) -> answers.CardSaid:
        """A rate card: `acme` is the newest version, `acme@3` that one."""
        return self._ask(calls.read(f"/v1/rate-cards/{reference}", answers.CardSaid))

    def put_rate_card(self, name: str, rules: Sequence[Mapping[str, Any]], description: str = "") -> answers.CardStored:
        """Create a rate card, or make a new version of it."""
        body = {"rules": list(rules), "description": description}
        return self._ask(calls.written("PUT", f"/v1/rate-cards/{name}", answers.CardStored, body))

    def get(self, path: str, **params: Any) -> Any:
        """Any path of the service, as mappings and lists, money as Decimal."""
        return plain(parsed((self._send(calls.read(path, object, **params))).content))

    def ask(self, path: str, **question: Any) -> Any:
        """Any question of the service by POST, as mappings and lists, money as Decimal; not sent twice."""
        call = Call("POST", path, object, content=calls.encoded(question), is_safe=False)
        return plain(parsed((self._send(call)).content))

    def _ask(self, call: Call[T]) -> T:
        return whole(call.kind, (self._send(call)).content)

    def _paged(self, call: Call[Any], kind: Any, name: str = "rows") -> Iterator[Any]:
        """The rows of every page, asked as they are needed."""
        params = dict(call.params)
        while True:
            page = parsed((self._send(Call(call.method, call.path, object, params))).content)
            for row in page[name]:
                yield made(kind, row)
            if page["next_cursor"] is None:
                return
            params["cursor"] = page["next_cursor"]

    def _send(self, call: Call[Any]) -> httpx.Response:
        """The answer, which is a success; sent again where that is safe and may help."""
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries
            try:
                answer = self._http.request(
                    call.method,
                    call.path,
                    params=call.params or None,
                    content=call.content,
                    headers=call.sent_headers(),
                )
            except httpx.TransportError as error:
                if is_last or not (call.is_safe or isinstance(error, _UNSENT)):
                    told = f"{type(error).__name__} after {attempt + 1} attempts: {error}"
                    raise NoAnswer(f"{str(self._http.base_url).rstrip('/')}{call.path}: {told}") from error
                time.sleep(calls.pause(attempt))
                continue
            if answer.is_success:
                return answer
            wait = None if is_last or not call.is_safe else calls.pause_after(answer, attempt)
            if wait is None:
                raise calls.refused(answer)
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")
