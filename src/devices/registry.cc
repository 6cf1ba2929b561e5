#include "devices/device.h"

namespace cornu::devices {

#define ENTRY(unit) extern const DeviceDef device_##unit;
#include "gen/device_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) &device_##unit,
constexpr const DeviceDef* kDevices[] = {
#include "gen/device_table.inc"
};
#undef ENTRY

}  // namespace

std::span<const DeviceDef* const> all_devices() {
  return kDevices;
}

const DeviceDef* find_device(std::string_view name) {
  for (const DeviceDef* device : kDevices) {
    if (device->name == name) return device;
  }
  return nullptr;
}

}  // namespace cornu::devices
