#include "base/thread_pool.h"
#include "ops/move.h"

namespace cornu::ops {
namespace {

// Chunks are handed to threads if the output has more bytes: below, waking a thread costs more than it saves.
constexpr int64_t kWorthThreads = 256 * 1024;

// Adjacent elements of x, or as many fill values if `from` is kFill.
struct Segment {
  int64_t from, elements;
};

// The output as `rows` rows of `row_elements`; each consists of the same segments, shifted by what the
// sources of the outer axes give for the row.
struct Plan {
  std::vector<AxisSource> outer;
  std::vector<Segment> segments;
  int64_t row_elements = 1;
  int64_t rows = 1;
};

// Whether the axis only continues a run of `run` elements: x and y walk it in step.
bool continues(const AxisSource& source, int64_t run) {
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] != static_cast<int64_t>(i) * run) return false;
  }
  return true;
}

// The entries of one axis, each `run` elements, with neighbours joined.
std::vector<Segment> segments_of(const AxisSource& source, int64_t run) {
  std::vector<Segment> segments;
  for (int64_t from : source) {
    if (!segments.empty()) {
      Segment& last = segments.back();
      const bool joins =
          from == kFill ? last.from == kFill : last.from != kFill && from == last.from + last.elements;
      if (joins) {
        last.elements += run;
        continue;
      }
    }
    segments.push_back({from, run});
  }
  return segments;
}

Plan make_plan(std::vector<AxisSource> sources) {
  Plan plan;
  int64_t run = 1;
  while (!sources.empty() && continues(sources.back(), run)) {
    run *= static_cast<int64_t>(sources.back().size());
    sources.pop_back();
  }
  AxisSource inner = {0};
  if (!sources.empty()) {
    inner = std::move(sources.back());
    sources.pop_back();
  }
  plan.segments = segments_of(inner, run);
  plan.row_elements = static_cast<int64_t>(inner.size()) * run;
  plan.outer = std::move(sources);
  for (const AxisSource& source : plan.outer) plan.rows *= static_cast<int64_t>(source.size());
  return plan;
}

// Where row `row` starts in x, or kFill.
int64_t row_source(const Plan& plan, int64_t row) {
  int64_t offset = 0;
  for (size_t axis = plan.outer.size(); axis-- > 0;) {
    const AxisSource& source = plan.outer[axis];
    const auto size = static_cast<int64_t>(source.size());
    const int64_t step = source[static_cast<size_t>(row % size)];
    if (step == kFill) return kFill;
    offset += step;
    row /= size;
  }
  return offset;
}

template <class T>
void move_row(const Plan& plan, const std::byte* x, int64_t shift, T fill, T* y) {
  if (shift == kFill) {
    std::fill_n(y, plan.row_elements, fill);
    return;
  }
  for (const Segment& segment : plan.segments) {
    if (segment.from == kFill) {
      std::fill_n(y, segment.elements, fill);
    } else if (segment.elements == 1) {
      *y = load_at<T>(x, shift + segment.from);
    } else {
      constexpr auto kSize = static_cast<int64_t>(sizeof(T));
      std::memcpy(y, x + (shift + segment.from) * kSize, static_cast<size_t>(segment.elements * kSize));
    }
    y += segment.elements;
  }
}

}  // namespace

AxisSource evenly(int64_t count, int64_t first, int64_t step) {
  AxisSource source(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) source[static_cast<size_t>(i)] = first + i * step;
  return source;
}

PreparedKernel move_elements(const KernelSite& site, std::vector<AxisSource> sources,
                             const Bytes16& fill_bytes) {
  const int64_t total = site.out[0].shape.elements();
  if (total == 0) return do_nothing();
  return with_element_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    T fill;
    std::memcpy(&fill, &fill_bytes, sizeof(T));
    Plan plan = make_plan(std::move(sources));
    const bool is_small = total * static_cast<int64_t>(sizeof(T)) < kWorthThreads;
    const int64_t chunks = is_small ? 1 : std::min<int64_t>(plan.rows, site.threads * int64_t{4});
    return PreparedKernel{[plan = std::move(plan), fill, chunks](const KernelCall& call) {
                            call.pool.run(chunks, [&](int64_t chunk, int) {
                              const int64_t end = plan.rows * (chunk + 1) / chunks;
                              for (int64_t row = plan.rows * chunk / chunks; row < end; ++row) {
                                move_row<T>(plan, call.in[0], row_source(plan, row), fill,
                                            out_as<T>(call) + row * plan.row_elements);
                              }
                            });
                          },
                          0,
                          {}};
  });
}

}  // namespace cornu::ops
