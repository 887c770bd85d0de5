"""scikit-learn's metrics, and the losses its estimators train on, by the estimator's name."""

from typing import Any

from mlquote.losses.frameworks.departures import (
    half_of_two_classes,
    in_order,
    labels_of_brier,
    log_roots_of_outputs,
    one_output,
    recode_pair,
    roots_of_outputs,
    rows_of_outputs,
    three_classes,
    two_axes,
    two_labels,
)
from mlquote.losses.frameworks.function import EXAMPLES, Function, Module, hard_targets, own
from mlquote.losses.loss import Folding
from mlquote.losses.parameters import number
from mlquote.losses.reading import Interval

VERSION = "scikit-learn 1.9.1"
EPSILON = {"kind": "prob_eps", "value": 2.220446049250313e-16}
WORDS = {"mean": "weighted_mean"}
TRAINING = "a training loss, averaged as the estimator does: the sum of w L over the sum of w"


def _metric(function: str, base: str, **rest: Any) -> Function:
    rest.setdefault("loss", own(base))
    return Function(
        framework="sklearn",
        spelling=f"sklearn.metrics.{function}",
        weights=EXAMPLES,
        reduction="weighted_mean",
        words=WORDS,
        labels=in_order,
        nothing_left="refused",
        **rest,
    )


def _trained(names: str, base: str, *, by_name: bool = True, **rest: Any) -> Function:
    """A loss that estimators train on, under each one's name."""
    first, *others = names.split()
    rest.setdefault("loss", own(base))
    return Function(
        framework="sklearn",
        spelling=first,
        also=tuple(others),
        weights=EXAMPLES,
        reduction="weighted_mean",
        words=WORDS,
        by_name=by_name,
        nothing_left="refused",
        differs=rest.pop("differs", TRAINING),
        **rest,
    )


_CLOSED = number("tau", 0.5, "the quantile", Interval(0.0, 1.0))
_LOGITS = own("binary_cross_entropy", forms=("logits",))

FUNCTIONS = (
    _metric(
        "mean_squared_error",
        "mse",
        loss=own("mse", align=two_axes),
        differs="training losses (SGD, gradient boosting) carry a factor 1/2",
    ),
    _metric("mean_absolute_error", "mae", loss=own("mae", align=two_axes)),
    _metric(
        "mean_pinball_loss",
        "quantile",
        loss=own("quantile", params=(_CLOSED, own("quantile").params[1]), align=two_axes),
        has={"tau": 0.5},
        differs="tau is called alpha, in the closed interval [0, 1] (quantile in models)",
    ),
    _metric(
        "log_loss",
        "binary_cross_entropy",
        loss=own("binary_cross_entropy", forms=("probabilities",), prepare=two_labels),
        fixed={"clamp": EPSILON},
        form="probabilities",
        differs="p is clipped at the dtype's epsilon; labels only, a lone one refused (one example: labels=[0, 1])",
    ),
    _metric(
        "log_loss",
        "cross_entropy",
        loss=own("cross_entropy", forms=("probabilities",)),
        fixed={"clamp": EPSILON, "normalize_probabilities": False},
        form="probabilities",
        when=hard_targets,
        differs="rows that do not sum to 1 are used as they are, with a warning; p is clipped at the dtype's epsilon",
    ),
    _metric(
        "hinge_loss",
        "hinge",
        loss=own("hinge", prepare=recode_pair),
        tells=frozenset({"label_encoding"}),
        differs="the smaller label becomes -1, also when it is the only one; strings are taken",
    ),
    _metric(
        "hinge_loss",
        "multiclass_hinge",
        loss=own("multiclass_hinge", align=three_classes),
        fixed={"variant": "crammer_singer"},
        when=hard_targets,
        differs="two classes have one score an example",
    ),
    _trained(
        "sklearn.linear_model.SGDRegressor(loss='huber')",
        "huber",
        by_name=False,
        has={"delta": 0.1},
        differs="a training loss, no metric; HuberRegressor scales residuals first and has epsilon 1.35",
    ),
    _trained(
        "sklearn.linear_model.SGDRegressor(loss='squared_error') "
        "sklearn.ensemble.HistGradientBoostingRegressor(loss='squared_error') "
        "sklearn.ensemble.GradientBoostingRegressor(loss='squared_error') sklearn.linear_model.SGDRegressor "
        "sklearn.ensemble.HistGradientBoostingRegressor sklearn.ensemble.GradientBoostingRegressor "
        "sklearn.neural_network.MLPRegressor sklearn.neural_network.MLPRegressor(loss='squared_error')",
        "mse",
        fixed={"scale": 0.5},
    ),
    _trained(
        "sklearn.ensemble.HistGradientBoostingRegressor(loss='absolute_error') "
        "sklearn.ensemble.GradientBoostingRegressor(loss='absolute_error')",
        "mae",
    ),
    _trained(
        "sklearn.ensemble.HistGradientBoostingRegressor(loss='quantile') "
        "sklearn.ensemble.GradientBoostingRegressor(loss='quantile') sklearn.linear_model.QuantileRegressor",
        "quantile",
        has={"tau": 0.5},
    ),
    _trained(
        "sklearn.linear_model.LogisticRegression sklearn.linear_model.LogisticRegressionCV "
        "sklearn.neural_network.MLPClassifier sklearn.linear_model.SGDClassifier(loss='log_loss') "
        "sklearn.ensemble.HistGradientBoostingClassifier "
        "sklearn.ensemble.HistGradientBoostingClassifier(loss='log_loss') "
        "sklearn.ensemble.GradientBoostingClassifier(loss='log_loss')",
        "binary_cross_entropy",
        loss=_LOGITS,
        form="logits",
    ),
    _trained(
        "sklearn.linear_model.PoissonRegressor sklearn.ensemble.HistGradientBoostingRegressor(loss='poisson') "
        "sklearn.neural_network.MLPRegressor(loss='poisson')",
        "poisson_nll",
        loss=own("poisson_nll", forms=("log_rate",)),
        form="log_rate",
    ),
    _trained(
        "sklearn.linear_model.LogisticRegression sklearn.linear_model.LogisticRegressionCV "
        "sklearn.ensemble.HistGradientBoostingClassifier "
        "sklearn.ensemble.HistGradientBoostingClassifier(loss='log_loss') "
        "sklearn.ensemble.GradientBoostingClassifier(loss='log_loss') sklearn.neural_network.MLPClassifier",
        "cross_entropy",
        loss=own("cross_entropy", forms=("logits",)),
        form="logits",
        when=hard_targets,
        differs=f"of more than two classes; {TRAINING}",
    ),
    _trained(
        "sklearn.linear_model.SGDRegressor(loss='epsilon_insensitive') sklearn.svm.SVR "
        "sklearn.linear_model.SGDClassifier(loss='epsilon_insensitive')",
        "epsilon_insensitive",
        by_name=False,
        has={"epsilon": 0.1},
    ),
    _trained(
        "sklearn.linear_model.SGDRegressor(loss='squared_epsilon_insensitive') "
        "sklearn.linear_model.SGDClassifier(loss='squared_epsilon_insensitive')",
        "epsilon_insensitive",
        has={"epsilon": 0.1},
        fixed={"power": 2},
    ),
    _trained(
        "sklearn.svm.LinearSVR sklearn.svm.LinearSVR(loss='epsilon_insensitive')",
        "epsilon_insensitive",
        has={"epsilon": 0.0},
    ),
    _trained(
        "sklearn.svm.LinearSVR(loss='squared_epsilon_insensitive')",
        "epsilon_insensitive",
        has={"epsilon": 0.0},
        fixed={"power": 2},
    ),
    _trained(
        "sklearn.linear_model.SGDClassifier(loss='modified_huber')",
        "modified_huber",
        by_name=False,
        loss=own("modified_huber", prepare=recode_pair),
    ),
    _trained(
        "sklearn.ensemble.GradientBoostingClassifier(loss='exponential') sklearn.ensemble.AdaBoostClassifier",
        "exponential",
        by_name=False,
        loss=own("exponential", prepare=recode_pair),
    ),
    _trained(
        "sklearn.linear_model.SGDClassifier(loss='hinge') sklearn.svm.LinearSVC(loss='hinge') "
        "sklearn.linear_model.SGDClassifier sklearn.svm.SVC",
        "hinge",
    ),
    _trained(
        "sklearn.linear_model.SGDClassifier(loss='squared_hinge') sklearn.svm.LinearSVC(loss='squared_hinge') "
        "sklearn.svm.LinearSVC",
        "hinge",
        fixed={"power": 2},
    ),
    _trained(
        "sklearn.linear_model.SGDClassifier(loss='perceptron') sklearn.linear_model.Perceptron",
        "hinge",
        fixed={"margin": 0.0},
    ),
    _metric(
        "mean_absolute_percentage_error",
        "mape",
        loss=own("mape", align=two_axes),
        fixed={"percent": False, "eps": 2.220446049250313e-16},
    ),
    _metric("mean_squared_log_error", "msle", loss=own("msle", align=two_axes)),
    _metric(
        "root_mean_squared_error",
        "rmse",
        loss=own("rmse", kernel=roots_of_outputs, folding=Folding.WHOLE, outer=None, align=rows_of_outputs),
        differs="of several outputs the roots are averaged",
    ),
    _metric(
        "root_mean_squared_log_error",
        "rmsle",
        loss=own("rmsle", kernel=log_roots_of_outputs, folding=Folding.WHOLE, outer=None, align=rows_of_outputs),
        differs="of several outputs the roots are averaged",
    ),
    _metric(
        "mean_tweedie_deviance", "tweedie_deviance", loss=own("tweedie_deviance", align=one_output), has={"power": 0.0}
    ),
    _metric("mean_poisson_deviance", "poisson_deviance", loss=own("poisson_deviance", align=one_output)),
    _metric("mean_gamma_deviance", "gamma_deviance", loss=own("gamma_deviance", align=one_output)),
    _metric(
        "brier_score_loss",
        "brier",
        loss=own("brier", kernel=half_of_two_classes, align=labels_of_brier),
        form="probabilities",
        differs="any two labels, the larger 1; of two classes the sum over classes is halved",
    ),
    _trained(
        "sklearn.linear_model.GammaRegressor sklearn.ensemble.HistGradientBoostingRegressor(loss='gamma')",
        "gamma_nll",
        loss=own("gamma_nll", forms=("log_rate",)),
        form="log_rate",
    ),
    _trained(
        "sklearn.linear_model.TweedieRegressor",
        "tweedie",
        loss=own("tweedie", forms=("log_rate",)),
        has={"power": 1.5},
        form="log_rate",
        differs="its own default power is 0, the squared error: say the power",
    ),
)
MODULE = Module("sklearn", VERSION, FUNCTIONS)
