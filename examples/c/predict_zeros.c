/* predict_zeros MODEL: loads a model of one float32 input and prints what it answers for a row of zeros. */
#include <cornu/c.h>
#include <stdio.h>
#include <stdlib.h>

enum { kMaxRank = 16 };

static int failed(cornu_status status) {
  fprintf(stderr, "%s\n", cornu_last_error());
  return (int)status;
}

int main(int argc, char** argv) {
  cornu_model* model = NULL;
  cornu_status status = cornu_load_model(argc > 1 ? argv[1] : "", 0, &model);
  if (status != CORNU_OK) return failed(status);

  const cornu_array* declared = cornu_input_type(model, 0);
  int64_t shape[kMaxRank];
  size_t count = 1;
  for (int32_t axis = 0; axis < declared->rank; ++axis) {
    shape[axis] = declared->shape[axis] < 0 ? 1 : declared->shape[axis];
    count *= (size_t)shape[axis];
  }
  float* zeros = calloc(count, sizeof(float));
  const cornu_array input = {CORNU_FLOAT32, declared->rank, shape, zeros};
  cornu_result* result = NULL;
  status = cornu_predict(model, &input, 1, 32, &result);
  if (status == CORNU_OK) {
    const cornu_array* answer = cornu_result_array(result, 0);
    const float* values = answer->data;
    printf("%s:", cornu_output_name(model, 0));
    for (int64_t i = 0; i < answer->shape[answer->rank - 1]; ++i) printf(" %g", (double)values[i]);
    printf("\n");
  } else {
    failed(status);
  }
  cornu_free_result(result);
  cornu_free_model(model);
  free(zeros);
  return (int)status;
}
