"""The client that is awaited.

This file is the source of client.py too: benchmarks/clients/typed_answers.py writes that one from it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
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


class AsyncClient:
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
        transport: httpx.AsyncBaseTransport | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        own = dict(headers or {}) | ({"X-API-Key": api_key} if api_key else {})
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout, transport=transport, headers=own)
        self._retries = retries

    async def __aenter__(self) -> "AsyncClient":
        """Itself; its connections are closed at the end."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def training(
        self, *, detail: str | None = None, **question: Unpack[questions.TrainingQuestion]
    ) -> answers.TrainingQuestionAnswer:
        """What a training run costs: FLOP, hours, energy, emissions, dollars."""
        path = "/v1/estimates/training"
        return await self._ask(calls.asked(path, answers.TrainingQuestionAnswer, question, detail=detail))

    async def inference(
        self, *, detail: str | None = None, **question: Unpack[questions.ApiUsage]
    ) -> answers.ApiUsageAnswer:
        """What API usage costs, to the last digit."""
        return await self._ask(calls.asked("/v1/estimates/inference", answers.ApiUsageAnswer, question, detail=detail))

    async def inference_batch(
        self, asked: Iterable[Mapping[str, Any]], *, release: str | None = None
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Many questions of API usage, answered in order, each failing alone: its `code` and `errors` in its place."""
        body = calls.log_bytes(asked)
        path = "/v1/estimates/inference/batch"
        params = {} if release is None else {"release": release}
        answer = await self._send(Call("POST", path, object, params, body, calls.LINES))
        for line in calls.lines_of(answer.content):
            yield plain(parsed(line))

    async def tokens(self, **question: Unpack[questions.TextCount]) -> answers.TextCountAnswer:
        """How many tokens a text is, and what sending it would cost."""
        return await self._ask(calls.asked("/v1/estimates/inference/tokens", answers.TextCountAnswer, question))

    async def serving(
        self, *, detail: str | None = None, **question: Unpack[questions.ServingQuestion]
    ) -> answers.ServingQuestionAnswer:
        """What hosting a model yourself costs: speed, memory, energy, dollars a million tokens."""
        path = "/v1/estimates/serving"
        return await self._ask(calls.asked(path, answers.ServingQuestionAnswer, question, detail=detail))

    async def annotation(
        self, *, detail: str | None = None, **question: Unpack[questions.AnnotationQuestion]
    ) -> answers.AnnotationQuestionAnswer:
        """What labels cost: by people, with a model's help, by a model."""
        path = "/v1/estimates/annotation"
        return await self._ask(calls.asked(path, answers.AnnotationQuestionAnswer, question, detail=detail))

    async def project(
        self, *, detail: str | None = None, **question: Unpack[questions.ProjectQuestion]
    ) -> answers.ProjectQuestionAnswer:
        """What a whole project costs, over its months."""
        path = "/v1/estimates/project"
        return await self._ask(calls.asked(path, answers.ProjectQuestionAnswer, question, detail=detail))

    async def plan_training(
        self, *, detail: str | None = None, **question: Unpack[questions.TrainingPlan]
    ) -> answers.TrainingPlanAnswer:
        """The training run of lowest predicted loss for what there is to spend."""
        path = "/v1/plans/training"
        return await self._ask(calls.asked(path, answers.TrainingPlanAnswer, question, detail=detail))

    async def plan_loss(
        self, *, detail: str | None = None, **question: Unpack[questions.LossPlan]
    ) -> answers.LossPlanAnswer:
        """What lowering the loss from a to b costs, under each law."""
        return await self._ask(calls.asked("/v1/plans/loss", answers.LossPlanAnswer, question, detail=detail))

    async def plan_placement(self, *, detail: str | None = None, **question: Any) -> answers.PlacementAnswer:
        """The same run elsewhere, at another time or on other terms: what it saves."""
        return await self._ask(calls.asked("/v1/plans/placement", answers.PlacementAnswer, question, detail=detail))

    async def plan_adaptation(
        self, *, detail: str | None = None, **question: Unpack[questions.AdaptationPlan]
    ) -> answers.AdaptationPlanAnswer:
        """Prompt, cache, fine-tune and host, distil or train: what each costs, and when it pays off."""
        path = "/v1/plans/adaptation"
        return await self._ask(calls.asked(path, answers.AdaptationPlanAnswer, question, detail=detail))

    async def compare(self, **question: Any) -> answers.ComparisonAnswer:
        """One question with fields given as lists, ranked; `kind` says of what, and its fields stand beside."""
        return await self._ask(calls.asked("/v1/comparisons", answers.ComparisonAnswer, question))

    async def compare_releases(self, **question: Unpack[questions.QuoteChange]) -> answers.QuoteChangeAnswer:
        """Why a quote of API usage is not what it was."""
        return await self._ask(calls.asked("/v1/comparisons/releases", answers.QuoteChangeAnswer, question))

    async def scaling_law(self, **question: Unpack[questions.ScalingQuestion]) -> answers.ScalingQuestionAnswer:
        """Loss against parameters, tokens, compute and dollars under one law, the other laws beside it."""
        return await self._ask(calls.asked("/v1/scaling-laws/evaluate", answers.ScalingQuestionAnswer, question))

    async def loss(self, **question: Any) -> answers.LossAnswer:
        """J(theta): one loss with its cost, per-example values, gradient, penalty, diagnostics."""
        return await self._ask(calls.asked("/v1/losses/evaluate", answers.LossAnswer, question))

    async def loss_by_framework(self, **question: Any) -> answers.FrameworksAnswer:
        """One input under every framework's defaults, each gap explained."""
        return await self._ask(calls.asked("/v1/losses/compare", answers.FrameworksAnswer, question))

    async def penalty(self, **question: Any) -> answers.PenaltyAnswer:
        """Penalties and their gradients."""
        return await self._ask(calls.asked("/v1/regularizers/evaluate", answers.PenaltyAnswer, question))

    async def closed_form(self, **question: Any) -> answers.ClosedFormAnswer:
        """Least squares, ridge, lasso and elastic net coefficients."""
        return await self._ask(calls.asked("/v1/losses/closed-form", answers.ClosedFormAnswer, question))

    async def class_weights(self, **question: Any) -> answers.ClassWeightsAnswer:
        """Weights of imbalanced classes."""
        return await self._ask(calls.asked("/v1/losses/class-weights", answers.ClassWeightsAnswer, question))

    async def decision_threshold(self, **question: Any) -> answers.DecisionAnswer:
        """Decisions from probabilities and costs."""
        return await self._ask(calls.asked("/v1/losses/decision-threshold", answers.DecisionAnswer, question))

    async def descent(self, **question: Any) -> answers.DescentAnswer:
        """Every step of gradient descent and its relatives."""
        return await self._ask(calls.asked("/v1/losses/descent", answers.DescentAnswer, question))

    async def surface(self, **question: Any) -> answers.SurfaceAnswer:
        """The objective along one or two directions."""
        return await self._ask(calls.asked("/v1/losses/surface", answers.SurfaceAnswer, question))

    async def losses(self) -> answers.Losses:
        """Every loss and penalty: formula, parameters, properties, framework spellings, pitfalls."""
        return await self._ask(calls.read("/v1/losses", answers.Losses))

    async def about_loss(self, name: str) -> answers.LossSaid:
        """One loss."""
        return await self._ask(calls.read(f"/v1/losses/{name}", answers.LossSaid))

    async def about_penalty(self, name: str) -> answers.PenaltySaid:
        """One penalty."""
        return await self._ask(calls.read(f"/v1/regularizers/{name}", answers.PenaltySaid))

    async def catalog(self) -> answers.CatalogSaid:
        """The newest release: tables, row counts, age."""
        return await self._ask(calls.read("/v1/catalog", answers.CatalogSaid))

    async def releases(self) -> answers.ReleaseList:
        """Every release, newest first."""
        return await self._ask(calls.read("/v1/catalog/releases", answers.ReleaseList))

    async def release_changes(self, older: str, newer: str) -> AsyncIterator[answers.RowChange]:
        """What changed between two releases, page after page."""
        call = calls.read(f"/v1/catalog/releases/{older}/diff/{newer}", object)
        async for row in self._paged(call, answers.RowChange, "changes"):
            yield row

    async def rows(self, table: str, **filters: Any) -> AsyncIterator[Any]:
        """Rows of a table, page after page, each as its table's dataclass (`answers.ROWS`).

        Filters are those of the service: provider, model, meter, region, as_of, q, sort; `from_` and `to` bound a span.
        """
        call = calls.read(f"/v1/catalog/{table}", object, **filters)
        async for row in self._paged(call, answers.ROWS.get(table, Any)):
            yield row

    async def facts(self, table: str, key: str, **filters: Any) -> AsyncIterator[Any]:
        """The rows of one id in effect at a moment (`as_of`, default now)."""
        call = calls.read(f"/v1/catalog/{table}/{key}", object, **filters)
        async for row in self._paged(call, answers.ROWS.get(table, Any)):
            yield row

    async def history(self, table: str, key: str, **filters: Any) -> AsyncIterator[Any]:
        """Every version of one fact, oldest first."""
        call = calls.read(f"/v1/catalog/{table}/{key}/history", object, **filters)
        async for row in self._paged(call, answers.ROWS.get(table, Any)):
            yield row

    async def providers(self, q: str | None = None) -> AsyncIterator[answers.Provider]:
        """Who sells what."""
        async for row in self._paged(calls.read("/v1/catalog/providers", object, q=q), answers.Provider):
            yield row

    async def sold_models(self, q: str | None = None) -> AsyncIterator[answers.SoldModel]:
        """Every model that is sold per token, and by whom."""
        async for row in self._paged(calls.read("/v1/catalog/token_models", object, q=q), answers.SoldModel):
            yield row

    async def zones(self, q: str | None = None) -> AsyncIterator[answers.Zone]:
        """Every grid zone with its other names."""
        async for row in self._paged(calls.read("/v1/catalog/zones", object, q=q), answers.Zone):
            yield row

    async def codes(self) -> answers.Codes:
        """Every code of warnings, errors and diagnostics, and what to do about it."""
        return await self._ask(calls.read("/v1/codes", answers.Codes))

    async def budgets(self, *labels: str) -> answers.Budgets:
        """Every budget, or those with all these labels: `team=nlp`."""
        params = {"label": list(labels)} if labels else {}
        return await self._ask(Call("GET", "/v1/budgets", answers.Budgets, params))

    async def budget(self, name: str) -> answers.BudgetStanding:
        """A budget, and where each of its limits stands now."""
        return await self._ask(calls.read(f"/v1/budgets/{name}", answers.BudgetStanding))

    async def put_budget(self, name: str, limits: Sequence[Mapping[str, Any]], **more: Any) -> answers.BudgetKept:
        """Create a budget, or replace its limits and keep its ledger; also `labels`, `expires_after_s`, `note`."""
        body = {"limits": list(limits), **more}
        return await self._ask(calls.written("PUT", f"/v1/budgets/{name}", answers.BudgetKept, body))

    async def delete_budget(self, name: str) -> None:
        """Take a budget out of use; its ledger is kept."""
        await self._send(calls.written("DELETE", f"/v1/budgets/{name}", object))

    async def check(
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
            return await self._ask(calls.asked(path, answers.Report, body))
        return await self._ask(calls.keyed(path, answers.Report, calls.encoded(body), idempotency_key))

    async def reservation(self, reservation_id: str) -> answers.ReservationNow:
        """One reservation."""
        return await self._ask(calls.read(f"/v1/reservations/{reservation_id}", answers.ReservationNow))

    async def reservations(self, name: str, state: str | None = None) -> answers.Reservations:
        """The newest reservations of a budget, of one state where that is asked."""
        return await self._ask(calls.read(f"/v1/budgets/{name}/reservations", answers.Reservations, state=state))

    async def settle(
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
        return await self._ask(calls.keyed(path, answers.ReservationSettled, body, idempotency_key))

    async def give_back(self, reservation_id: str, *, idempotency_key: str | None = None) -> answers.ReservationSaid:
        """Give back what was held: nothing was spent."""
        path = f"/v1/reservations/{reservation_id}/release"
        return await self._ask(calls.keyed(path, answers.ReservationSaid, None, idempotency_key))

    async def ledger(self, name: str, reservation: str | None = None) -> AsyncIterator[answers.LedgerEntry]:
        """Every entry of a budget, in the order in which it was written, page after page."""
        after: int | None = 0
        while after is not None:
            path = f"/v1/budgets/{name}/ledger"
            call = calls.read(path, answers.LedgerEntries, after=after, reservation=reservation)
            page = await self._ask(call)
            for entry in page.rows:
                yield entry
            after = page.next_after

    async def ledger_audit(self, name: str) -> answers.LedgerAudit:
        """Sum the whole ledger again and compare it with the balances."""
        return await self._ask(calls.read(f"/v1/budgets/{name}/ledger/audit", answers.LedgerAudit))

    async def correct(
        self, name: str, transaction: str, actual: Mapping[str, Any], reason: str, *, idempotency_key: str | None = None
    ) -> answers.CorrectionWritten:
        """Correct what a transaction counted as spent, by a counter entry with its reason."""
        body = calls.encoded({"transaction": transaction, "actual": dict(actual), "reason": reason})
        path = f"/v1/budgets/{name}/ledger/corrections"
        return await self._ask(calls.keyed(path, answers.CorrectionWritten, body, idempotency_key))

    async def price_usage(
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
            return await self._ask(Call("POST", path, answers.UsageCost, params, content, media_type))
        charge = calls.keyed(path, answers.UsageCost, content, idempotency_key, params=params, media_type=media_type)
        return await self._ask(charge)

    async def rate_cards(self) -> answers.Cards:
        """Every rate card in use."""
        return await self._ask(calls.read("/v1/rate-cards", answers.Cards))

    async def rate_card(self, reference: str) -> answers.CardSaid:
        """A rate card: `acme` is the newest version, `acme@3` that one."""
        return await self._ask(calls.read(f"/v1/rate-cards/{reference}", answers.CardSaid))

    async def put_rate_card(
        self, name: str, rules: Sequence[Mapping[str, Any]], description: str = ""
    ) -> answers.CardStored:
        """Create a rate card, or make a new version of it."""
        body = {"rules": list(rules), "description": description}
        return await self._ask(calls.written("PUT", f"/v1/rate-cards/{name}", answers.CardStored, body))

    async def get(self, path: str, **params: Any) -> Any:
        """Any path of the service, as mappings and lists, money as Decimal."""
        return plain(parsed((await self._send(calls.read(path, object, **params))).content))

    async def ask(self, path: str, **question: Any) -> Any:
        """Any question of the service by POST, as mappings and lists, money as Decimal; not sent twice."""
        call = Call("POST", path, object, content=calls.encoded(question), is_safe=False)
        return plain(parsed((await self._send(call)).content))

    async def _ask(self, call: Call[T]) -> T:
        return whole(call.kind, (await self._send(call)).content)

    async def _paged(self, call: Call[Any], kind: Any, name: str = "rows") -> AsyncIterator[Any]:
        """The rows of every page, asked as they are needed."""
        params = dict(call.params)
        while True:
            page = parsed((await self._send(Call(call.method, call.path, object, params))).content)
            for row in page[name]:
                yield made(kind, row)
            if page["next_cursor"] is None:
                return
            params["cursor"] = page["next_cursor"]

    async def _send(self, call: Call[Any]) -> httpx.Response:
        """The answer, which is a success; sent again where that is safe and may help."""
        for attempt in range(self._retries + 1):
            is_last = attempt == self._retries
            try:
                answer = await self._http.request(
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
                await asyncio.sleep(calls.pause(attempt))
                continue
            if answer.is_success:
                return answer
            wait = None if is_last or not call.is_safe else calls.pause_after(answer, attempt)
            if wait is None:
                raise calls.refused(answer)
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")
