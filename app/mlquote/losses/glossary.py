"""The catalogue of this room: every loss, penalty, weighting, reduction, property and word, each with what it means."""

from dataclasses import asdict, dataclass

from mlquote.kit.errors import UnknownName, nearest
from mlquote.losses.aliases import ALIASES, NARROWER
from mlquote.losses.frameworks.function import Function
from mlquote.losses.frameworks.table import FUNCTIONS, VERSIONS
from mlquote.losses.frameworks.unanswered import UNANSWERED
from mlquote.losses.loss import Loss
from mlquote.losses.names import meanings, near
from mlquote.losses.occasions import occasion
from mlquote.losses.parameters import Param
from mlquote.losses.penalty_pages import catalogue
from mlquote.losses.reading import REQUIRED, Answer, spelt
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import ALIASES as PENALTY_ALIASES
from mlquote.losses.regularizers import PENALTIES

REDUCTIONS = {
    "none": "no cost; the gradient is that of the sum of w_i L_i",
    "sum": "sum of m_i w_i L_i",
    "mean": "the sum over the number of kept examples: (1/N) sum w_i L_i (Keras's default; PyTorch's without weights)",
    "weighted_mean": "the sum over the sum of weights, class weights as w_y (PyTorch cross_entropy, scikit-learn)",
    "batchmean": "the sum over the size of axis 0 (PyTorch kl_div)",
    "element_mean": "the sum over the number of prediction entries (PyTorch kl_div's mean)",
    "padded_mean": "the sum over all positions, masked ones too: a pitfall, kept for comparison",
    "sequence_mean": "mean over axis 0 of each row's masked mean; an empty row counts as 0 (GRPO)",
    "sequence_sum_mean": "mean over axis 0 of each row's sum (LUSPO)",
    "constant": "the sum over reduction_constant (Dr. GRPO)",
    "mean_nonzero": "the sum over the number of examples with L_i > 0 (pytorch-metric-learning)",
}

WEIGHTINGS = {
    "sample": "weights.sample: one weight per example, or per row of axis 0",
    "class": "weights.class: one weight per class, multiplying L_i by w_y",
    "balanced": "weights.class = balanced: N / (K n_c) over the classes that occur; POST /v1/losses/class-weights",
    "effective_number": "(1 - beta) / (1 - beta^n_c); POST /v1/losses/class-weights",
    "pos": "weights.pos: multiplies the positive term of binary_cross_entropy",
    "mask": "mask: 1 keeps an example, 0 drops it from numerator and denominator; ignore_index acts as one",
    "cost_matrix": "costs of decisions rather than weights of examples; POST /v1/losses/decision-threshold",
    "focal": "loss focal: weighs examples by (1 - p_t)^gamma",
    "label_smoothing": "params.label_smoothing: spreads a share of each target over all classes",
    "importance_ratio": "loss ppo_clip: weighs advantages by exp(logp - logp_old)",
}

PROPERTIES = {
    "differentiable": "a gradient exists everywhere; otherwise a documented subgradient is returned at the kinks",
    "convex_in_predictions": "L is convex in its predictions; J is convex in theta only for models linear in it",
    "lipschitz": "largest slope: |L(a) - L(b)| <= lipschitz |a - b|; null where slopes are unbounded",
    "smooth": "Lipschitz constant of the gradient; gradient descent is stable below 2 over that of J; null where none",
    "bounded_below": "a value L never falls below; null where it can fall without end",
    "numerically_stable": "no overflow, cancellation or 0 log 0 in float64 for finite inputs",
    "aligned_with": "what the minimiser of the expected loss is: the quantity the loss really asks for",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word, the field of an answer that it is, what it is of, its formula and its meaning."""

    term: str
    field: str | None
    scope: str
    formula: str | None
    meaning: str


EXAMPLE, DATA, POPULATION = "one example", "a data set", "the distribution the data came from"
TERMS = (
    Term("loss", "per_example", EXAMPLE, "L(yhat_i, y_i)", "how wrong one prediction is"),
    Term(
        "cost",
        "cost",
        DATA,
        "(1/N) sum_i w_i L(yhat_i, y_i)",
        "the losses of a data set weighed and reduced to one number: the data term of J",
    ),
    Term(
        "empirical_risk",
        "empirical_risk",
        DATA,
        "(1/N) sum_i w_i L(yhat_i, y_i)",
        "the cost over the data at hand, by its statistical name",
    ),
    Term(
        "true_risk",
        None,
        POPULATION,
        "E[L(f(x), y)]",
        "the expected loss; estimated on held-out data, never computed",
    ),
    Term(
        "objective",
        "objective",
        "data and model",
        "J(theta) = (1/N) sum_i w_i L(yhat_i, y_i) + lambda R(theta)",
        "cost and penalty: what training minimises",
    ),
    Term("penalty", "penalty", "a model", "lambda R(theta)", "what the objective adds for size or shape of theta"),
    Term(
        "criterion",
        None,
        "a library's object",
        None,
        "PyTorch's word for a loss object, its reduction included: loss and cost in one",
    ),
    Term("reward", None, EXAMPLE, "r = -L", "what a policy maximises; a cost is its negative, every value here a cost"),
    Term("score", None, DATA, None, "a measure of success, larger is better, often not differentiable"),
    Term(
        "metric",
        None,
        DATA,
        None,
        "what is reported, not trained on; a metric and a loss of one name may differ in weights and masks",
    ),
    Term(
        "surrogate",
        None,
        EXAMPLE,
        "L >= 1(y yhat < 0)",
        "a loss that can be trained on, standing in for one that cannot: hinge for the 0/1 error",
    ),
    Term(
        "denominator",
        "denominator",
        DATA,
        "N, or what the reduction says",
        "what the weighted sum was divided by; sums over sums of these combine micro-batches",
    ),
    Term("regret", None, POPULATION, "E[L(f)] - min over g of E[L(g)]", "the risk above that of the best predictor"),
)


def losses() -> Answer:
    """Everything a question may name."""
    return {
        "losses": [entry(loss) for loss in LOSSES.values()],
        "regularizers": catalogue(),
        "reductions": _listed(REDUCTIONS),
        "weightings": _listed(WEIGHTINGS),
        "properties": _listed(PROPERTIES),
        "terms": terms()["terms"],
        "unanswered": [
            {"framework": framework, "spelling": spelling, "reason": reason}
            for framework, listed in UNANSWERED.items()
            for spelling, reason in listed.items()
        ],
    }


def one_loss(name: str) -> Answer:
    """One loss by its name or another name of it.

    Raises: UnknownName, with the nearest names
    """
    found = {named.loss.name: named.loss for named in meanings(name)}
    if len(found) == 1:
        return entry(*found.values())
    hint = near(name) or "GET /v1/losses lists them all"
    if found:
        hint = f"a name of several: {', '.join(found)}"
    raise UnknownName(f"no loss named {name[:80]!r}", pointer="/name", hint=hint, code="unknown-loss")


def regularizers() -> Answer:
    """Every penalty."""
    return {"regularizers": catalogue()}


def one_regularizer(name: str) -> Answer:
    """One penalty by its name or another name of it.

    Raises: UnknownName, with the nearest names
    """
    found = spelt(name, PENALTIES, PENALTY_ALIASES)
    if found is not None:
        return next(each for each in catalogue() if each["name"] == found)
    hint = nearest(name, [*PENALTIES, *PENALTY_ALIASES]) or "GET /v1/regularizers lists them all"
    raise UnknownName(f"no penalty named {name[:80]!r}", pointer="/name", hint=hint, code="unknown-regularizer")


def terms() -> Answer:
    """What each word means, and which field of an answer it is."""
    return {"terms": [asdict(term) for term in TERMS]}


def _listed(named: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "meaning": meaning} for name, meaning in named.items()]


def entry(loss: Loss) -> Answer:
    """A loss: what its docstring says, its parameters, its properties at the defaults, and the frameworks' ways."""
    return {
        "name": loss.name,
        "aliases": [alias for alias, name in ALIASES.items() if name == loss.name],
        "narrower_names": [
            {"name": name, "params": each.params} for name, each in NARROWER.items() if each.loss == loss.name
        ],
        **occasion(loss),
        **loss.words(),
        "predictions": list(loss.predictions),
        "targets": list(loss.targets),
        "optional": sorted(loss.optional),
        "input_forms": list(loss.forms),
        "usual_form": loss.usual_form,
        "class_weights": loss.classes,
        "pos_weight": loss.pos_weight,
        "parameters": [_parameter(param) for param in loss.params],
        "properties": _properties(loss),
        "frameworks": [
            _function(function) for functions in FUNCTIONS.get(loss.name, {}).values() for function in functions
        ],
    }


def _function(function: Function) -> Answer:
    """A framework's function: its names, what it can be told and what it cannot, and where it departs."""
    return {
        "framework": function.framework,
        "checked_with": VERSIONS[function.framework],
        "spelling": function.spelling,
        "also": list(function.also),
        "only_by_name": function.by_name,
        "reduction": function.reduction or "mean",
        "defaults": dict(function.has),
        "fixed": dict(function.fixed),
        "input_form": function.form,
        "input_forms": list(function.loss.forms),
        "weights": sorted(function.weights),
        "differs": function.differs,
    }


def _parameter(param: Param) -> Answer:
    needed = param.default is REQUIRED
    return {
        "name": param.name,
        "default": None if needed else param.default,
        "required": needed,
        "domain": param.domain,
        "about": param.about,
        "acts": None if param.acts is None else param.acts.words,
    }


def _properties(loss: Loss) -> Answer:
    defaults = {param.name: param.default for param in loss.params}
    return loss.known(defaults, loss.forms[0] if loss.forms else None)
