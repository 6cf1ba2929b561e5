#include <fmt/format.h>

#include <functional>
#include <memory>

#include "kernels/broadcast.h"
#include "kernels/compare.h"

namespace cornu::kernels {
namespace {

template <class T, class Compare>
PreparedKernel plan(const KernelSite& site) {
  const auto runs = std::make_shared<const BroadcastRuns>(site.in, site.out[0].shape);
  return {[runs](const KernelCall& call) {
            runs->for_each(call.pool, [&](const BroadcastRuns::Run& run) {
              const UnalignedArray<T> a = UnalignedArray<T>{call.in[0]} + run.offsets[0];
              const UnalignedArray<T> b = UnalignedArray<T>{call.in[1]} + run.offsets[1];
              auto* const y = reinterpret_cast<uint8_t*>(call.out[0]) + run.y;
              for (int64_t i = 0; i < run.count; i++)
                y[i] = Compare()(a[i * run.steps[0]], b[i * run.steps[1]]) ? 1 : 0;
            });
          },
          0,
          {}};
}

template <class T>
PreparedKernel plan_as(const KernelSite& site, Comparison comparison) {
  switch (comparison) {
    case Comparison::equal:
      return plan<T, std::equal_to<>>(site);
    case Comparison::not_equal:
      return plan<T, std::not_equal_to<>>(site);
    case Comparison::greater:
      return plan<T, std::greater<>>(site);
    case Comparison::greater_equal:
      return plan<T, std::greater_equal<>>(site);
    case Comparison::less:
      return plan<T, std::less<>>(site);
    case Comparison::less_equal:
      return plan<T, std::less_equal<>>(site);
  }
  return refuse("the comparison is not known");
}

}  // namespace

PreparedKernel prepare_compare(const KernelSite& site, Comparison comparison) {
  if (site.out[0].shape.elements() == 0) return refuse("y is empty");
  if (std::string why = refuse_broadcast(site.in, site.out[0].shape); !why.empty()) return refuse(why);
  switch (site.in[0].dtype) {
    case DType::float32:
      return plan_as<float>(site, comparison);
    case DType::float64:
      return plan_as<double>(site, comparison);
    case DType::int32:
      return plan_as<int32_t>(site, comparison);
    case DType::int64:
      return plan_as<int64_t>(site, comparison);
    case DType::boolean:
    case DType::uint8:
      return plan_as<uint8_t>(site, comparison);
    default:
      return refuse(fmt::format("{} is not handled", dtype_name(site.in[0].dtype)));
  }
}

}  // namespace cornu::kernels
