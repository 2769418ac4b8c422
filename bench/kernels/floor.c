/*
 * What plain loops in C need for the kernels of a query: `floor INPUT OUTPUT ROUNDS`.
 *
 * INPUT holds cases one after the other. A case is four words of 32 bits, kernel, codes (how many there are, NULL among them), arrays, 0,
 * and then its arrays; an array is two words, bytes per element and elements, and the elements, padded to 8 bytes. For each case a line with
 * the median in nanoseconds is printed, and its answer is written to OUTPUT as an array. All numbers are as the machine has them.
 *
 *   0 filter   codes, set of codes (bits)                     the rows whose code is in the set, as bits
 *   1 seen     codes, rows (bits)                             the codes of these rows, as bits
 *   2 counts   codes, rows (bits) or nothing for all          rows per code
 *   3 gather   codes, list of rows                            the codes of the list
 *   4 sums     codes of groups, codes, number by code         sum per group
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  uint32_t width, count;
  void *data;
} array;

static void fail(const char *what) {
  fprintf(stderr, "floor: %s\n", what);
  exit(1);
}

static void *room(size_t bytes) {
  void *found = aligned_alloc(64, (bytes + 127) & ~(size_t)63);
  if (found == NULL) fail("out of memory");
  memset(found, 0, (bytes + 127) & ~(size_t)63);
  return found;
}

/* For each row that is set in a word of bits. */
#define EACH_ROW(bits, rows, work)                          \
  for (uint32_t w = 0; w < ((rows) + 31) / 32; w++)         \
    for (uint32_t word = (bits)[w]; word; word &= word - 1) { \
      uint32_t row = w * 32 + (uint32_t)__builtin_ctz(word); \
      work;                                                 \
    }

/* The loops over codes of one width. */
#define KERNELS(T)                                                                                                     \
  static void filter_##T(const T *restrict codes, uint32_t rows, const uint8_t *restrict in, uint32_t *restrict out) { \
    uint32_t whole = rows / 32;                                                                                        \
    for (uint32_t w = 0; w < whole; w++) {                                                                             \
      const T *at = codes + w * 32;                                                                                    \
      uint32_t word = 0;                                                                                               \
      for (int bit = 0; bit < 32; bit++) word |= (uint32_t)in[at[bit]] << bit;                                         \
      out[w] = word;                                                                                                   \
    }                                                                                                                  \
    if (rows % 32) out[whole] = 0;                                                                                     \
    for (uint32_t row = whole * 32; row < rows; row++) out[whole] |= (uint32_t)in[codes[row]] << (row % 32);           \
  }                                                                                                                    \
  static void seen_##T(const T *restrict codes, uint32_t rows, const uint32_t *restrict bits, uint8_t *restrict out) { \
    EACH_ROW(bits, rows, out[codes[row]] = 1)                                                                          \
  }                                                                                                                    \
  static void counts_##T(const T *restrict codes, uint32_t rows, const uint32_t *restrict bits,                        \
                         uint32_t *restrict out) {                                                                     \
    if (bits == NULL)                                                                                                  \
      for (uint32_t row = 0; row < rows; row++) out[codes[row]]++;                                                     \
    else                                                                                                               \
      EACH_ROW(bits, rows, out[codes[row]]++)                                                                          \
  }                                                                                                                    \
  static void gather_##T(const T *restrict codes, const uint32_t *restrict list, uint32_t count,                       \
                         uint32_t *restrict out) {                                                                     \
    for (uint32_t i = 0; i < count; i++) out[i] = codes[list[i]];                                                      \
  }

KERNELS(uint8_t)
KERNELS(uint16_t)
KERNELS(uint32_t)

#define SUMS(G, V)                                                                                        \
  static void sums_##G##_##V(const G *restrict groups, const V *restrict codes, uint32_t rows,            \
                             const double *restrict number, double *restrict out) {                       \
    for (uint32_t row = 0; row < rows; row++) out[groups[row]] += number[codes[row]];                     \
  }

SUMS(uint8_t, uint8_t)
SUMS(uint8_t, uint16_t)
SUMS(uint8_t, uint32_t)
SUMS(uint16_t, uint8_t)
SUMS(uint16_t, uint16_t)
SUMS(uint16_t, uint32_t)
SUMS(uint32_t, uint8_t)
SUMS(uint32_t, uint16_t)
SUMS(uint32_t, uint32_t)

#define BY_WIDTH(name, width, ...)                  \
  switch (width) {                                  \
    case 1: name(uint8_t, __VA_ARGS__); break;      \
    case 2: name(uint16_t, __VA_ARGS__); break;     \
    default: name(uint32_t, __VA_ARGS__); break;    \
  }

#define CALL_FILTER(T, a, in, out) filter_##T((const T *)(a).data, (a).count, in, out)
#define CALL_SEEN(T, a, bits, out) seen_##T((const T *)(a).data, (a).count, bits, out)
#define CALL_COUNTS(T, a, bits, out) counts_##T((const T *)(a).data, (a).count, bits, out)
#define CALL_GATHER(T, a, list, out) gather_##T((const T *)(a).data, (const uint32_t *)(list).data, (list).count, out)
#define CALL_SUMS(V, G, g, v, number, out) \
  sums_##G##_##V((const G *)(g).data, (const V *)(v).data, (g).count, (const double *)(number).data, out)

/* Bytes of 0 or 1 to bits. */
static void pack(const uint8_t *bytes, uint32_t count, uint32_t *out) {
  for (uint32_t i = 0; i < count; i++) out[i / 32] |= (uint32_t)bytes[i] << (i % 32);
}

static void run(uint32_t kernel, uint32_t codes, const array *in, uint8_t *scratch, void *out, size_t bytes) {
  const uint32_t *bits = in[1].count == 0 ? NULL : (const uint32_t *)in[1].data;
  switch (kernel) {
    case 0:
      for (uint32_t code = 0; code < codes; code++) scratch[code] = (bits[code / 32] >> (code % 32)) & 1;
      BY_WIDTH(CALL_FILTER, in[0].width, in[0], scratch, (uint32_t *)out)
      break;
    case 1:
      memset(scratch, 0, codes);
      memset(out, 0, bytes);
      BY_WIDTH(CALL_SEEN, in[0].width, in[0], bits, scratch)
      scratch[0] = 0; /* NULL is no value */
      pack(scratch, codes, (uint32_t *)out);
      break;
    case 2:
      memset(out, 0, bytes);
      BY_WIDTH(CALL_COUNTS, in[0].width, in[0], bits, (uint32_t *)out)
      break;
    case 3:
      BY_WIDTH(CALL_GATHER, in[0].width, in[0], in[1], (uint32_t *)out)
      break;
    case 4:
      memset(out, 0, bytes);
      if (in[0].width == 1) BY_WIDTH(CALL_SUMS, in[1].width, uint8_t, in[0], in[1], in[2], (double *)out)
      else if (in[0].width == 2) BY_WIDTH(CALL_SUMS, in[1].width, uint16_t, in[0], in[1], in[2], (double *)out)
      else BY_WIDTH(CALL_SUMS, in[1].width, uint32_t, in[0], in[1], in[2], (double *)out)
      break;
    default:
      fail("no such kernel");
  }
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void must(int ok) {
  if (!ok) fail("the files cannot be read or written");
}

int main(int count, char **words) {
  if (count != 4) fail("INPUT OUTPUT ROUNDS");
  FILE *input = fopen(words[1], "rb"), *output = fopen(words[2], "wb");
  int rounds = atoi(words[3]);
  must(input != NULL && output != NULL && rounds > 0);
  double *times = room(sizeof(double) * (size_t)rounds);
  uint32_t head[4];
  while (fread(head, sizeof head, 1, input) == 1) {
    array in[3] = {{0}};
    for (uint32_t i = 0; i < head[2] && i < 3; i++) {
      uint32_t size[2];
      must(fread(size, sizeof size, 1, input) == 1);
      size_t bytes = (size_t)size[0] * size[1], padded = (bytes + 7) & ~(size_t)7;
      in[i] = (array){size[0], size[1], room(padded)};
      must(padded == 0 || fread(in[i].data, padded, 1, input) == 1);
    }
    uint32_t kernel = head[0], codes = head[1], rows = in[0].count;
    uint32_t width = kernel == 4 ? 8 : 4;
    uint32_t length = kernel == 0 ? (rows + 31) / 32 : kernel == 1 ? (codes + 31) / 32 : kernel == 3 ? in[1].count : codes;
    size_t bytes = (size_t)width * length;
    void *out = room(bytes);
    uint8_t *scratch = room(codes);
    for (int round = -2; round < rounds; round++) {
      double start = now();
      run(kernel, codes, in, scratch, out, bytes);
      if (round >= 0) times[round] = now() - start;
    }
    qsort(times, (size_t)rounds, sizeof(double), ascending);
    printf("%.0f\n", times[rounds / 2]);
    uint32_t size[2] = {width, length};
    must(fwrite(size, sizeof size, 1, output) == 1 && (bytes == 0 || fwrite(out, bytes, 1, output) == 1));
    char none[8] = {0};
    must(bytes % 8 == 0 || fwrite(none, 8 - bytes % 8, 1, output) == 1);
    for (int i = 0; i < 3; i++) free(in[i].data);
    free(out);
    free(scratch);
  }
  must(fclose(output) == 0);
  return 0;
}
