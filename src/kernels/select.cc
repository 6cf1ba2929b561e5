// select: y = a where the condition holds, else b; all three broadcast. Elements of 1, 4 or 8 bytes of any type.
// Refuses other sizes, empty arrays and shapes that do not broadcast to y.
#include <fmt/format.h>

#include <memory>

#include "kernels/broadcast.h"

namespace cornu::kernels {

extern const KernelDef kernel_select;

namespace {

// Elements are only moved: one type for each size.
template <class T>
PreparedKernel plan(const KernelSite& site) {
  const auto runs = std::make_shared<const BroadcastRuns>(site.in, site.out[0].shape);
  return {[runs](const KernelCall& call) {
            runs->for_each(call.pool, [&](const BroadcastRuns::Run& run) {
              const std::byte* const condition = call.in[0] + run.offsets[0];
              const UnalignedArray<T> a = UnalignedArray<T>{call.in[1]} + run.offsets[1];
              const UnalignedArray<T> b = UnalignedArray<T>{call.in[2]} + run.offsets[2];
              T* const y = reinterpret_cast<T*>(call.out[0]) + run.y;
              for (int64_t i = 0; i < run.count; i++) {
                const T yes = a[i * run.steps[1]];
                const T no = b[i * run.steps[2]];
                y[i] = condition[i * run.steps[0]] != std::byte{0} ? yes : no;
              }
            });
          },
          0,
          {}};
}

PreparedKernel prepare(const KernelSite& site) {
  if (site.out[0].shape.elements() == 0) return refuse("y is empty");
  if (std::string why = refuse_broadcast(site.in, site.out[0].shape); !why.empty()) return refuse(why);
  switch (dtype_size(site.out[0].dtype)) {
    case 1:
      return plan<uint8_t>(site);
    case 4:
      return plan<uint32_t>(site);
    case 8:
      return plan<uint64_t>(site);
    default:
      return refuse(fmt::format("elements of {} bytes are not handled", dtype_size(site.out[0].dtype)));
  }
}

}  // namespace

const KernelDef kernel_select = {.name = "select", .op = "select", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
