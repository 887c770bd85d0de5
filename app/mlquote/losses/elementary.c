/* exp and log of many float64, written so that a compiler turns the loops into vector instructions.

   NumPy's own are vectors only where the processor has AVX-512; elsewhere they are one call a number. Both are right
   to 1 unit in the last place, and follow C in what they make of infinities, NaN, zeros and subnormal numbers. */

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

/* x = k ln 2 + r with |r| <= ln(2)/2; exp(r) by its series up to r^13/13!; the power of two in halves, for the ends. */
static inline double exp_of(double x) {
    x = x > LARGEST ? LARGEST : x;
    x = x < SMALLEST ? SMALLEST : x;
    double k = __builtin_rint(x * LOG2_E);
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
    int32_t whole = (int32_t)k, half = whole >> 1;
    double first = as_double((uint64_t)(int64_t)(half + 1023) << 52);
    double second = as_double((uint64_t)(int64_t)(whole - half + 1023) << 52);
    return (1.0 + p) * first * second;
}

FOR_EACH_PROCESSOR void vector_exp(const double *x, double *out, size_t n) {
#pragma GCC ivdep
    for (size_t i = 0; i < n; i++) out[i] = exp_of(x[i]);
}

#define INFINITE 0x7ff0000000000000u
#define LEAST_NORMAL 0x1p-1022
#define BELOW_ROOT_HALF 0x3fe6a09e00000000u
#define ONE 0x3ff0000000000000u
#define TWO_52 0x1p52

/* x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); log(1 + f) = 2 artanh(s), s = f/(2+f), by its series in s^2
   with the coefficients of Ng's e_log.c (Sun Microsystems, 1993), whose error is below 2^-58. */
static inline double log_of(double x) {
    int small = x < LEAST_NORMAL;
    uint64_t bits = as_bits(small ? x * 0x1p54 : x) + (ONE - BELOW_ROOT_HALF);
    double k = as_double((bits >> 52) | as_bits(TWO_52)) - TWO_52 - (small ? 1077.0 : 1023.0);
    double f = as_double((bits & 0x000fffffffffffffu) + BELOW_ROOT_HALF) - 1.0;
    double s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
    double p = 1.479819860511658591e-01;
    p = p * z + 1.531383769920937332e-01;
    p = p * z + 1.818357216161805012e-01;
    p = p * z + 2.222219843214978396e-01;
    p = p * z + 2.857142874366239149e-01;
    p = p * z + 3.999999999940941908e-01;
    p = p * z + 6.666666666666735130e-01;
    double found = k * LN2_HIGH - ((half - (s * (half + p * z) + k * LN2_LOW)) - f);
    found = x == as_double(INFINITE) ? x : found;
    found = x == 0.0 ? -as_double(INFINITE) : found;
    return x >= 0.0 ? found : as_double(INFINITE | 1u << 19);
}

FOR_EACH_PROCESSOR void vector_log(const double *x, double *out, size_t n) {
#pragma GCC ivdep
    for (size_t i = 0; i < n; i++) out[i] = log_of(x[i]);
}
