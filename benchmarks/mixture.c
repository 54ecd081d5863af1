/* Mean of the mixture 0, 1, "1 to 3", "2 to 10" with weights 1 - p, p/2, p/4, p/4, on one thread.

   Uniform numbers are xoshiro256+ (Blackman and Vigna 2018). Normal ones come from Box and
   Muller's formula, or from a ziggurat of 256 layers (Marsaglia and Tsang 2000). */

#include <math.h>
#include <stdint.h>

static uint64_t state[4];

static inline uint64_t rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t word(void) {
  const uint64_t sum = state[0] + state[3], shifted = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotated(state[3], 45);
  return sum;
}

static inline double uniform(void) { return ((word() >> 11) + 0.5) * 0x1p-53; }

static void seeded(uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    uint64_t z = (seed += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    state[i] = z ^ (z >> 31);
  }
}

static double spare;
static int has_spare;

static inline double box_muller(void) {
  if (has_spare) {
    has_spare = 0;
    return spare;
  }
  const double radius = sqrt(-2.0 * log(uniform())), angle = 6.283185307179586 * uniform();
  spare = radius * sin(angle);
  has_spare = 1;
  return radius * cos(angle);
}

#define LAYERS 256
#define TAIL 3.6541528853610088
#define AREA 0.00492867323399

static double edge[LAYERS + 1], height[LAYERS + 1];

static void tabulated(void) {
  edge[0] = AREA / exp(-0.5 * TAIL * TAIL); /* the base layer with its tail, as a rectangle */
  edge[1] = TAIL;
  for (int i = 1; i < LAYERS; i++) {
    height[i] = exp(-0.5 * edge[i] * edge[i]);
    edge[i + 1] = i + 1 == LAYERS ? 0.0 : sqrt(-2.0 * log(AREA / edge[i] + height[i]));
  }
  height[LAYERS] = 1.0;
}

static inline double ziggurat(void) {
  for (;;) {
    const uint64_t bits = word();
    const int layer = bits & (LAYERS - 1);
    const double sign = bits & LAYERS ? -1.0 : 1.0;
    const double x = (bits >> 11) * 0x1p-53 * edge[layer];
    if (x < edge[layer + 1]) return sign * x;
    if (layer == 0) {
      double a, b;
      do {
        a = -log(uniform()) / TAIL;
        b = -log(uniform());
      } while (b + b < a * a);
      return sign * (TAIL + a);
    }
    if (height[layer] + uniform() * (height[layer + 1] - height[layer]) < exp(-0.5 * x * x))
      return sign * x;
  }
}

static inline double mean(uint64_t seed, long n, double (*normal)(void)) {
  const double p = 0.8 * 0.5, z95 = 1.6448536269514722;
  const double mu1 = log(3.0) / 2.0, sigma1 = log(3.0) / (2.0 * z95);
  const double mu2 = log(20.0) / 2.0, sigma2 = log(5.0) / (2.0 * z95);
  double sum = 0.0;
  seeded(seed);
  has_spare = 0;
  for (long i = 0; i < n; i++) {
    const double u = uniform();
    if (u >= p) continue;
    if (u < p / 2.0)
      sum += 1.0;
    else if (u < 0.75 * p)
      sum += exp(mu1 + sigma1 * normal());
    else
      sum += exp(mu2 + sigma2 * normal());
  }
  return sum / n;
}

double mean_box_muller(uint64_t seed, long n) { return mean(seed, n, box_muller); }

double mean_ziggurat(uint64_t seed, long n) {
  if (edge[0] == 0.0) tabulated();
  return mean(seed, n, ziggurat);
}
