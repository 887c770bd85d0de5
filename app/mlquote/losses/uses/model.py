"""The objective of a model as a function of its coefficients: value, gradient, Hessian, smoothness."""

from dataclasses import dataclass, replace

import numpy as np

from mlquote.kit.errors import Fault, OutOfDomain, TooLarge
from mlquote.losses.blocks import Machine
from mlquote.losses.loss import Folding, Loss
from mlquote.losses.names import Named, read_loss
from mlquote.losses.question import Question, read
from mlquote.losses.reading import Answer, Array, Body, IntArray, Reader
from mlquote.losses.reduction import solve
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import penalties
from mlquote.losses.uses.network import NETWORKS, Network

MODELS = {
    "linear": "mse",
    "ridge": "mse",
    "logistic": "binary_cross_entropy",
    "softmax": "cross_entropy",
    **dict.fromkeys(NETWORKS, "mse"),
}
"""Each model with its loss when none is named. All but the networks predict X theta."""
MAX_HIDDEN = 64
MODEL_ALIASES = {
    "linear_regression": "linear",
    "ridge_regression": "ridge",
    "logistic_regression": "logistic",
    "multinomial": "softmax",
    "softmax_regression": "softmax",
}
RIDGE = {
    "sum": (1.0, "sum", False),
    "mean": (1.0, "mean", False),
    "half_mean": (0.5, "mean", True),
    "mean_half_penalty": (1.0, "mean", True),
}
"""Ridge conventions as (scale of the squared error, its reduction, whether the penalty is halved)."""
MAX_HESSIAN = 256
"""Coefficients beyond which no Hessian is formed."""
INNER_NAMES = {"targets": "y", "predictions": "X"}
"""What the fields of the loss question inside are called in the outer one."""


@dataclass(frozen=True, slots=True)
class Objective:
    """J(theta) = reduce(L(model(X, theta), y)) + sum of penalties."""

    X: Array
    network: Network
    question: Question
    penalty_bodies: list[Body]
    machine: Machine
    shape: tuple[int, ...]

    def value(self, theta: Array) -> float:
        """J at theta."""
        return self._evaluate(self.network.scores(theta), theta, gradient=False)[0]

    def at(self, scores: Array, theta: Array) -> float:
        """J where the model's scores X theta are known already."""
        return self._evaluate(scores, theta, gradient=False)[0]

    def value_and_gradient(self, theta: Array, rows: IntArray | None = None) -> tuple[float, Array]:
        """J and its gradient at theta, shaped like theta; over some rows only where given (a minibatch)."""
        value, gradient = self._evaluate(self.network.scores(theta), theta, gradient=True, rows=rows)
        assert gradient is not None  # asked for
        return value, gradient

    def _asked(self, scores: Array, *, gradient: bool, rows: IntArray | None) -> Question:
        """The question of these scores, over some rows only where given."""
        batch = replace(self.question.batch, predictions={"predictions": np.ascontiguousarray(scores)})
        if rows is not None:
            keep = np.zeros(len(scores), dtype=np.bool_)
            keep[rows] = True
            batch = replace(batch, keep=keep)
        return replace(self.question, batch=batch, gradient=("predictions",) if gradient else ())

    def _evaluate(
        self, scores: Array, theta: Array, *, gradient: bool, rows: IntArray | None = None
    ) -> tuple[float, Array | None]:
        self.machine.check()
        try:
            solution = solve(self._asked(scores, gradient=gradient, rows=rows), self.machine)
        except OutOfDomain as error:
            raise _in_outer_words(error) from error
        found = penalties(Reader({"regularization": self.penalty_bodies}), "regularization", theta=theta)
        value = float(solution.cost if solution.cost is not None else np.nan) + sum(each.value for each in found)
        if not gradient:
            return value, None
        slope: Array = self.network.back(theta, solution.gradients["predictions"])
        for each in found:
            slope = slope + each.gradient
        return value, slope

    def hessian(self, theta: Array) -> Array | None:
        """Central differences of the gradient, made symmetric; None beyond 256 coefficients."""
        flat = theta.ravel()
        if flat.size > MAX_HESSIAN:
            return None
        columns = []
        for j in range(flat.size):
            step = 1e-4 * max(1.0, abs(flat[j]))
            up, down = flat.copy(), flat.copy()
            up[j] += step
            down[j] -= step
            ends = [self.value_and_gradient(end.reshape(self.shape))[1].ravel() for end in (up, down)]
            columns.append((ends[0] - ends[1]) / (up[j] - down[j]))
        found = np.array(columns)
        half: Array = 0.5 * (found + found.T)
        return half

    def smoothness(self) -> float | None:
        """A Lipschitz constant of the gradient, exact for squared error: gradient descent is stable below 2 over it.

        S lambda_max(X'X) / denominator + the penalties' own, S the loss's constant in its prediction
        """
        question = self.question
        if not self.network.linear:
            return None
        constant = question.loss.known(question.batch.params, question.batch.form)["smooth"]
        extra = [_penalty_smoothness(body) for body in self.penalty_bodies]
        if constant is None or None in extra:
            return None
        denominator = 1.0 if question.reduction == "sum" else float(len(self.X))
        if question.reduction not in {"sum", "mean"}:
            return None
        largest = float(np.linalg.norm(self.X, 2) ** 2)
        return constant * largest / denominator + sum(each for each in extra if each is not None)


def _penalty_smoothness(body: Body) -> float | None:
    """The Lipschitz constant of a penalty's gradient; None where it has a kink."""
    strength = float(body.get("lambda", 0.0))
    if body.get("type") == "l2":
        return strength * (1.0 if body.get("half", True) else 2.0)
    if body.get("type") == "elastic_net" and float(body.get("l1_ratio", 0.0)) == 0.0:
        return strength
    return 0.0 if strength == 0.0 else None


def objective(reader: Reader, theta_name: str, machine: Machine, *, max_entries: int) -> tuple[Objective, Array]:
    """Read `{model, loss, X, y, params, reduction, regularization, ...}` and the coefficients to start from.

    Raises: OutOfDomain with every fault; TooLarge beyond `max_entries` entries of X
    """
    model = reader.word("model", MODELS, aliases=MODEL_ALIASES) or "linear"
    X, theta = reader.matrix("X"), reader.array(theta_name)
    named = read_loss(reader, MODELS[model]) or Named(LOSSES[MODELS[model]])
    extra = _listed(reader)
    body = _question_body(reader, model, named.loss, extra)
    if X is not None and X.size > max_entries:
        raise TooLarge(f"X has {X.size} entries", pointer="/X", hint=f"at most {max_entries}")
    hidden = reader.whole("hidden", 1, low=1, high=MAX_HIDDEN) if model in NETWORKS else 0
    wanted = 2 if named.loss.folding is Folding.CLASSES else 1
    if model in NETWORKS:
        _require_network(reader, named.loss, theta_name, (X, theta), Network(model, np.zeros((0, 0)), hidden))
    elif X is not None and theta is not None and (theta.ndim != wanted or len(theta) != X.shape[1] or not theta.size):
        hint = f"shape [{X.shape[1]}{', classes' if wanted == 2 else ''}]"
        reader.refuse(theta_name, f"{theta_name} has shape {list(theta.shape)}, X {list(X.shape)}", hint)
    reader.check()
    assert X is not None and theta is not None  # checked
    if not named.loss.forms and body.get("input_form") is not None:
        reader.refuse("input_form", f"{named.loss.name} has no input_form", "drop it")
    penalties(Reader({"regularization": extra}, "", reader.faults), "regularization", theta=theta)
    reader.check()
    network = Network(model, X, hidden)
    question = _inner({**body, "predictions": network.scores(theta)})
    if question.reduction == "none":
        reader.refuse("reduction", "an objective is one number, and none leaves one per example", "mean, or sum")
        reader.check()
    return Objective(X, network, question, extra, machine, theta.shape), theta


def _require_network(
    reader: Reader, loss: Loss, theta_name: str, arrays: tuple[Array | None, Array | None], network: Network
) -> None:
    """A network has one score a row and its coefficients in one list."""
    X, theta = arrays
    if loss.folding is not Folding.ELEMENTS:
        reader.refuse("loss", f"{loss.name} is no loss of one score per row", "mse, binary_cross_entropy ...")
    if X is None or theta is None:
        return
    size = replace(network, X=X).size()
    if theta.shape != (size,):
        detail = f"{theta_name} has shape {list(theta.shape)}"
        reader.refuse(
            theta_name, detail, f"{size} coefficients: {network.kind} of {X.shape[1]} inputs, {network.hidden} hidden"
        )


def _question_body(reader: Reader, model: str, loss: Loss, extra: list[Body]) -> Answer:
    """The loss question inside, without its predictions; a ridge model's penalty is put with the others."""
    body = {"loss": reader.raw("loss", MODELS[model]), "return_per_example": False}
    given = reader.raw("reduction")
    if given is not None:
        body["reduction"] = given
    params = reader.object("params", None)
    body["params"] = {} if params is None else dict(params.body)
    if model == "ridge":
        extra.append(_ridge(reader, body))
    y, form = reader.raw("y"), reader.raw("input_form")
    if loss.predictions != ("predictions",) or loss.folding in {Folding.WHOLE, Folding.VECTORS, Folding.SAMPLES}:
        hint = "mse, binary_cross_entropy, cross_entropy ..."
        reader.refuse("loss", f"{loss.name} is no loss of one score per row", hint)
    if y is None:
        reader.refuse("y", "y is required")
    if loss.forms and form is None:
        form = "logits" if "logits" in loss.forms else "log_rate"
    return body | {"targets": y} | ({} if form is None else {"input_form": form})


def _listed(reader: Reader) -> list[Body]:
    """The penalties as they came, in a list of their own."""
    given = reader.raw("regularization")
    if given is None or isinstance(given, list | tuple):
        return list(given or [])
    reader.refuse("regularization", "regularization is a list of penalties", '[{"type": "l2", "lambda": 0.1}]')
    return []


def _ridge(reader: Reader, body: Answer) -> Answer:
    """A ridge model's penalty, its convention deciding scale, reduction and half."""
    convention = reader.word("convention", RIDGE) or "sum"
    if body.get("reduction") is not None:
        reader.refuse("reduction", "a ridge model's convention says its reduction", "drop it, or model linear")
    if "scale" in body["params"]:
        reader.refuse("params/scale", "a ridge model's convention says its scale", "drop it, or model linear")
    scale, body["reduction"], half = RIDGE[convention]
    body["params"] = {**body["params"], "scale": scale}
    return {"type": "l2", "lambda": reader.number("lambda", low=0.0), "half": half}


def _inner(body: Answer) -> Question:
    """Read the loss question inside; its faults are told in the words of the outer one, whose targets are y."""
    try:
        return read(body)
    except OutOfDomain as error:
        raise _in_outer_words(error) from error


def _in_outer_words(error: OutOfDomain) -> OutOfDomain:
    return OutOfDomain(error.detail, faults=[_renamed(fault) for fault in error.faults])


def _renamed(fault: Fault) -> Fault:
    head, *rest = fault.pointer.removeprefix("/").split("/")
    return Fault("/" + "/".join([INNER_NAMES.get(head, head), *rest]), fault.detail, fault.hint)
