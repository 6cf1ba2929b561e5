// The lzf filter, which h5py registered under number 32000. Reading only.
#pragma once

namespace cornu::hdf5_plugin {

// Makes the filter known to the HDF5 library. Returns whether that worked.
bool register_lzf();

}  // namespace cornu::hdf5_plugin
