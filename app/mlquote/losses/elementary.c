/* exp and log of many float64, and the two cross-entropies, written so that a compiler makes vector instructions of them.

   NumPy's own are vectors only where the processor has AVX-512; elsewhere they are one call a number. exp and log are
   right to 1 unit in the last place, and follow C in what they make of infinities, NaN, zeros and subnormal numbers. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GLIBC__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

static inline double as_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint64_t as_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* ln 2 in two parts, the first with 21 zero bits at its end: k times it is exact for every exponent k. */
#define LN2_HIGH 0x1.62e42fee00000p-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep+0
#define LARGEST 710.0   /* exp is Infinity from 709.79 on */
#define SMALLEST -746.0 /* exp is 0 below -745.14 */

#define TO_WHOLE 0x1.8p52 /* added, it leaves a double no place for a fraction, and the whole number in its last bits */

/* 2^k of a whole number k, -1022 to 1023. */
static inline double power_of_two(double k) { return as_double((as_bits(k + TO_WHOLE) + 1023) << 52); }

/* exp of what is not above LARGEST: x = k ln 2 + r with |r| <= ln(2)/2; exp(r) by its series up to r^13/13!; the power
   of two in halves, for the ends. */
static inline double exp_below(double x) {
    x = x < SMALLEST ? SMALLEST : x;
    double k = (x * LOG2_E + TO_WHOLE) - TO_WHOLE, half = (0.5 * k + TO_WHOLE) - TO_WHOLE;
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r * r + r;
    return (1.0 + p) * power_of_two(half) * power_of_two(k - half);
}

static inline double exp_of(double x) { return exp_below(x > LARGEST ? LARGEST : x); }

FOR_EACH_PROCESSOR void vector_exp(const double *x, double *out, size_t n) {
#pragma GCC ivdep
    for (size_t i = 0; i < n; i++) out[i] = exp_of(x[i]);
}

#define INFINITE 0x7ff0000000000000u
#define LEAST_NORMAL 0x1p-1022
#define BELOW_ROOT_HALF 0x3fe6a09e00000000u
#define ONE 0x3ff0000000000000u
#define TWO_52 0x1p52

/* k ln 2 + log(1 + f), 1 + f in [sqrt(1/2), sqrt(2)); log(1 + f) = 2 artanh(s), s = f/(2+f), by its series in s^2
   with the coefficients of Ng's e_log.c (Sun Microsystems, 1993), whose error is below 2^-58. */
static inline double log_by_parts(double k, double f) {
    double s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
    double p = 1.479819860511658591e-01;
    p = p * z + 1.531383769920937332e-01;
    p = p * z + 1.818357216161805012e-01;
    p = p * z + 2.222219843214978396e-01;
    p = p * z + 2.857142874366239149e-01;
    p = p * z + 3.999999999940941908e-01;
    p = p * z + 6.666666666666735130e-01;
    return k * LN2_HIGH - ((half - (s * (half + p * z) + k * LN2_LOW)) - f);
}

static inline double log_of(double x) {
    int small = x < LEAST_NORMAL;
    uint64_t bits = as_bits(small ? x * 0x1p54 : x) + (ONE - BELOW_ROOT_HALF);
    double k = as_double((bits >> 52) | as_bits(TWO_52)) - TWO_52 - (small ? 1077.0 : 1023.0);
    double f = as_double((bits & 0x000fffffffffffffu) + BELOW_ROOT_HALF) - 1.0;
    double found = log_by_parts(k, f);
    found = x == as_double(INFINITE) ? x : found;
    found = x == 0.0 ? -as_double(INFINITE) : found;
    return x >= 0.0 ? found : as_double(INFINITE | 1u << 19);
}

FOR_EACH_PROCESSOR void vector_log(const double *x, double *out, size_t n) {
#pragma GCC ivdep
    for (size_t i = 0; i < n; i++) out[i] = log_of(x[i]);
}

/* log1p(e) of e in [0, 1], with u = 1 + e as rounded and r = 1/u: log(u) + (e - (u - 1)) r. */
static inline double log1p_of(double e, double u, double r) {
    double k = u > 1.4140625 ? 1.0 : 0.0, f = (u > 1.4140625 ? 0.5 * u : u) - 1.0;
    return log_by_parts(k, f) + (e - (u - 1.0)) * r;
}

/* softplus(s) of each s = z (1 - 2y), y a label 0 or 1, and scale (1 - 2y) sigma(s) where a gradient is wanted;
   0 where some label is another number. */
FOR_EACH_PROCESSOR int softplus_of_labels(const double *z, const double *y, double scale, double *values,
                                          double *gradient, size_t n) {
    uint64_t odd = 0;
#pragma GCC ivdep
    for (size_t i = 0; i < n; i++) {
        double sign = 1.0 - 2.0 * y[i], s = z[i] * sign;
        double e = exp_below(-__builtin_fabs(s)), u = 1.0 + e, r = 1.0 / u;
        values[i] = (s > 0.0 ? s : 0.0) + log1p_of(e, u, r);
        if (gradient) gradient[i] = scale * sign * ((s >= 0.0 ? 1.0 : e) * r);
        odd |= (uint64_t)(y[i] * (1.0 - y[i]) != 0.0);
    }
    return !odd;
}

/* Numbers side by side, in pairs: vectors that every processor has, which a compiler does not take apart. */
#define LANES 8
#define PAIRS (LANES / 2)
typedef double pair __attribute__((vector_size(2 * sizeof(double))));
typedef int64_t choice __attribute__((vector_size(2 * sizeof(double))));

/* The largest of a row, as LANES largest side by side; a NaN is passed by here and comes out of the sum. */
static inline double peak_of(const double *z, size_t n) {
    double peak = -as_double(INFINITE);
    size_t whole = n - n % LANES;
    pair largest[PAIRS], these[PAIRS];
    for (int j = 0; j < PAIRS; j++) largest[j] = (pair){peak, peak};
    for (size_t i = 0; i < whole; i += LANES) {
        memcpy(these, z + i, sizeof these);
        for (int j = 0; j < PAIRS; j++) {
            choice larger = these[j] > largest[j];
            largest[j] = (pair)(((choice)these[j] & larger) | ((choice)largest[j] & ~larger));
        }
    }
    for (int j = 0; j < LANES; j++) peak = largest[j / 2][j % 2] > peak ? largest[j / 2][j % 2] : peak;
    for (size_t i = whole; i < n; i++) peak = z[i] > peak ? z[i] : peak;
    return peak;
}

/* The sum of exp(z - peak), each term kept in e if there is one. */
static inline double sum_of_exp(const double *z, double peak, double *e, size_t n) {
    pair sums[PAIRS] = {{0.0}}, these[PAIRS];
    double kept[LANES], total = 0.0;
    size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
        for (int j = 0; j < LANES; j++) kept[j] = exp_below(z[i + j] - peak);
        memcpy(these, kept, sizeof these);
        for (int j = 0; j < PAIRS; j++) sums[j] += these[j];
        if (e) memcpy(e + i, kept, sizeof kept);
    }
    for (size_t i = whole; i < n; i++) {
        kept[0] = exp_below(z[i] - peak);
        total += kept[0];
        if (e) e[i] = kept[0];
    }
    for (int j = 0; j < LANES; j++) total += sums[j / 2][j % 2];
    return total;
}

/* -log q_y of each row, and weight (q - onehot(y)) where a gradient is wanted; 0 where a row has no largest logit.

   With s the sum of all exponentials but the largest's, -log q_y = (z_k - z_y) + log1p(s). Where s is below 1 it is
   summed again without the largest, and the slope at a sure target is -s/(1+s): neither loses a digit. */
FOR_EACH_PROCESSOR int cross_entropy_rows(const double *z, const int64_t *labels, const double *weights, double weight,
                                          double *values, double *gradient, size_t rows, size_t classes) {
    for (size_t row = 0; row < rows; row++, z += classes) {
        double own = z[labels[row]], peak = peak_of(z, classes);
        if (!(peak > -as_double(INFINITE))) return 0;
        double rest = sum_of_exp(z, peak, gradient, classes) - 1.0;
        int clear = rest < 1.0;
        if (clear) {
            size_t top = 0;
            while (z[top] != peak) top++;
            rest = sum_of_exp(z, peak, NULL, top) + sum_of_exp(z + top + 1, peak, NULL, classes - top - 1);
        }
        values[row] = (peak - own) + log1p(rest);
        if (gradient) {
            double factor = weights ? weight * weights[row] : weight, share = factor / (1.0 + rest);
            for (size_t i = 0; i < classes; i++) gradient[i] *= share;
            gradient[labels[row]] = clear && own == peak ? -share * rest : gradient[labels[row]] - factor;
            gradient += classes;
        }
    }
    return 1;
}
