"""Writes reference.json: what SciPy and statsmodels say of the statistics in this folder. Run once, by hand:

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    venv/bin/python statistics/reference/generate.py
"""

import json
import math
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy import optimize, special, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

counts = [(0, 1), (1, 1), (0, 30), (3, 10), (30, 30), (1, 1000), (500, 1000), (7, 100_000), (2704, 2_704_000), (999_999, 1_000_000)]
pairs = [(5, 1000, 10, 1000), (0, 500, 3, 400), (40, 2000, 41, 2100), (0, 100, 0, 100), (120, 40_000, 30, 25_000)]


def share_intervals(method, error_rate):
    return [[k, n, error_rate, *map(float, proportion_confint(k, n, alpha=2 * error_rate, method=method))] for k, n in counts]


def two_shares(compare, method):
    return [[*pair, *map(float, confint_proportions_2indep(*pair, compare=compare, method=method, alpha=0.05))] for pair in pairs]


def quantile_interval(n, quantile, error_rate):
    """Of a sample that is 1 to n, its values are ranks."""
    test = stats.quantile_test(np.arange(1, n + 1), p=quantile)
    interval = test.confidence_interval(confidence_level=1 - 2 * error_rate)
    return [n, quantile, error_rate, *(None if math.isnan(rank) else int(rank) for rank in interval)]


def evidence(rate, k, n):
    """By whole likelihoods of the binomial distribution, the shared coefficient left in."""

    def log_mean(odds):
        rates = np.array([r * rate / (1 - rate + r * rate) for r in odds])
        return float(special.logsumexp(stats.binom.logpmf(k, n, rates) - stats.binom.logpmf(k, n, rate)) - math.log(len(odds)))

    return [rate, k, n, log_mean([0, 0.15, 0.35, 0.55, 0.7, 0.85]), log_mean([1.15, 1.4, 1.8, 2.5])]


def dispersion(batches):
    bad, total = np.array(batches).T
    chi_squared, _, degrees, _ = stats.chi2_contingency([bad, total - bad], correction=False)
    return [batches, float(chi_squared / degrees)]


def likelihood_ratio(k, n, good, bad):
    return [k, n, good, bad, float(stats.binom.logpmf(k, n, bad) - stats.binom.logpmf(k, n, good))]


def zero_bad(rate, error_rate):
    upper = lambda n: proportion_confint(0, n, alpha=2 * error_rate, method="wilson")[1] - rate
    return [rate, error_rate, math.ceil(optimize.brentq(upper, 1, 1e9, xtol=1e-6))]


beta_cases = [(0.5, 0.5, 0.1), (1, 1, 0.3), (2, 30, 0.05), (30.5, 2.25, 0.9), (1, 2704, 0.001), (500, 501, 0.5), (12.3, 99_000.7, 1.5e-4), (1e6, 1e6, 0.5003), (3.2, 1e7, 1e-7)]
generator = np.random.default_rng(1)
dispersed = [[[int(k), 50] for k in generator.binomial(50, 0.1, 12)], [[0, 10], [3, 40], [9, 35], [0, 20], [1, 60]], [[5, 100], [0, 100], [0, 100], [0, 100]]]

table = {
    "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "normalQuantile": [[p, float(stats.norm.ppf(p))] for p in (1e-12, 1e-4, 0.025, 0.05, 0.3, 0.5, 0.9, 0.95, 0.975, 0.9999999)],
    "incompleteBeta": [[x, a, b, float(special.betainc(a, b, x))] for a, b, x in beta_cases],
    "inverseIncompleteBeta": [[p, a, b, float(special.betaincinv(a, b, p))] for a, b, _ in beta_cases for p in (1e-6, 0.025, 0.5, 0.95)],
    "binomialCdf": [[k, n, p, float(stats.binom.cdf(k, n, p))] for k, n, p in [(0, 10, 0.1), (3, 10, 0.5), (9, 10, 0.9), (10, 10, 0.2), (990, 1000, 0.99), (49_800, 50_000, 0.995)]],
    "wilson": share_intervals("wilson", 0.025) + share_intervals("wilson", 0.05),
    "clopperPearson": share_intervals("beta", 0.025) + share_intervals("beta", 0.05),
    "quantileInterval": [quantile_interval(n, q, e) for n, q, e in [(10, 0.5, 0.025), (100, 0.5, 0.05), (1000, 0.99, 0.025), (250, 0.99, 0.025), (5000, 0.95, 0.005), (1, 0.5, 0.025)]],
    "shareDifference": two_shares("diff", "newcomb"),
    "shareRatio": two_shares("ratio", "log-adjusted"),
    "evidence": [evidence(rate, k, n) for rate, k, n in [(0.01, 0, 400), (0.01, 3, 1200), (0.01, 40, 2000), (0.001, 0, 5000), (0.05, 25, 500), (0.5, 70, 100)]],
    "dispersion": [dispersion(batches) for batches in dispersed],
    "logLikelihoodRatio": [likelihood_ratio(*case) for case in [(0, 300, 0.005, 0.015), (9, 600, 0.005, 0.015), (3, 600, 0.005, 0.015), (1, 1, 0.2, 0.4)]],
    "holm": [[p, [float(value) for value in multipletests(p, method="holm")[1]]] for p in ([0.01, 0.04, 0.03, 0.005], [0.5, 0.5], [0.02], [0.9, 0.001, 0.4, 0.001, 0.02])],
    "zeroBadN": [zero_bad(rate, error_rate) for rate in (0.001, 0.005, 0.01, 0.2) for error_rate in (0.05, 0.025)],
}
Path(__file__).with_name("reference.json").write_text(json.dumps(table, allow_nan=False) + "\n")
