/* The C ABI: load a model file, predict, free. For C and for every language that calls C.
 *
 * Functions that can fail return a status: 0, or the value of cornu::ErrorCode (include/cornu/error.h), which is
 * also the exit status of the command line. The message of the last failure is kept per thread. Pointers that a
 * function returns live as long as the object they come from. Null arguments give CORNU_BAD_ARGUMENT.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CORNU_C_H
#define CORNU_C_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CORNU_C_API __attribute__((visibility("default")))
#else
#define CORNU_C_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cornu_status {
  CORNU_OK = 0,
  CORNU_NOT_FOUND = 2,
  CORNU_BAD_FILE = 3,
  CORNU_BAD_CONFIG = 4,
  CORNU_BAD_SHAPE = 5,
  CORNU_UNSUPPORTED = 6,
  CORNU_IO = 7,
  CORNU_OUT_OF_MEMORY = 8,
  CORNU_BAD_ARGUMENT = 9,
  CORNU_INTERNAL = 10,
  CORNU_TIMED_OUT = 11,
  CORNU_WORKER_DIED = 12
} cornu_status;

/* The values of cornu::DType (include/cornu/dtype.h); they never change. */
typedef enum cornu_dtype {
  CORNU_FLOAT32,
  CORNU_FLOAT64,
  CORNU_FLOAT16,
  CORNU_BFLOAT16,
  CORNU_INT8,
  CORNU_INT16,
  CORNU_INT32,
  CORNU_INT64,
  CORNU_UINT8,
  CORNU_UINT16,
  CORNU_UINT32,
  CORNU_UINT64,
  CORNU_BOOL,
  CORNU_COMPLEX64,
  CORNU_COMPLEX128,
  CORNU_STRING
} cornu_dtype;

/* An element of a string array. The bytes may hold any value, zero included. */
typedef struct cornu_string {
  const char* data;
  size_t size_bytes;
} cornu_string;

/* A dense row-major array. `data` points to plain elements, or to cornu_string for CORNU_STRING. */
typedef struct cornu_array {
  cornu_dtype dtype;
  int32_t rank;
  const int64_t* shape; /* `rank` sizes; in what a model declares, -1 is a free size */
  const void* data;
} cornu_array;

/* An immutable model; any number of threads may use one. */
typedef struct cornu_model cornu_model;
/* The answers of one call of cornu_predict. */
typedef struct cornu_result cornu_result;

/* The version of the library, for example "0.1.0". */
CORNU_C_API const char* cornu_version(void);

/* The message of this thread's last failure: one sentence, "where: message". Valid until its next failure. */
CORNU_C_API const char* cornu_last_error(void);

/* Maps a model file. `threads`: 1 to 1024, or 0 for the cores that this process may use. */
CORNU_C_API cornu_status cornu_load_model(const char* path, int32_t threads, cornu_model** model);
/* Null is allowed. Results stay valid. */
CORNU_C_API void cornu_free_model(cornu_model* model);

CORNU_C_API int32_t cornu_input_count(const cornu_model* model);
CORNU_C_API int32_t cornu_output_count(const cornu_model* model);
/* Null for an index outside [0, count). */
CORNU_C_API const char* cornu_input_name(const cornu_model* model, int32_t index);
CORNU_C_API const char* cornu_output_name(const cornu_model* model, int32_t index);
/* What the model declares: `data` is null. Null for an index outside [0, count). */
CORNU_C_API const cornu_array* cornu_input_type(const cornu_model* model, int32_t index);
CORNU_C_API const cornu_array* cornu_output_type(const cornu_model* model, int32_t index);

/* Answers for all rows of the inputs, `batch_size` (at least 1) of them at a time. `inputs`: one array for each
 * input, in the model's order; numbers are cast to the declared types. */
CORNU_C_API cornu_status cornu_predict(const cornu_model* model, const cornu_array* inputs, int32_t count,
                                       int64_t batch_size, cornu_result** result);
/* Output `index`; null outside [0, cornu_output_count). */
CORNU_C_API const cornu_array* cornu_result_array(const cornu_result* result, int32_t index);
/* Null is allowed. */
CORNU_C_API void cornu_free_result(cornu_result* result);

#ifdef __cplusplus
}
#endif

#endif
