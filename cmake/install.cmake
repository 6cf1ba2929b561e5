# Installs the C++ library, its headers, and the CMake package that find_package(cornu) finds.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/cornu)
install(TARGETS cornu_core EXPORT cornuTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/cornu DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT cornuTargets NAMESPACE cornu:: DESTINATION ${package})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/cornuConfig.cmake.in ${CMAKE_BINARY_DIR}/gen/cornuConfig.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/gen/cornuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/gen/cornuConfig.cmake ${CMAKE_BINARY_DIR}/gen/cornuConfigVersion.cmake
        DESTINATION ${package})
