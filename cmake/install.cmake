# Component `development`: the C++ library, its headers, the command line, and the CMake package that find_package(cornu)
# finds. Component `python`, which a wheel takes: the module and the command line. One build folder serves both.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/cornu)
install(TARGETS cornu_core cornu_shared EXPORT cornuTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/cornu DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT cornuTargets NAMESPACE cornu:: DESTINATION ${package} COMPONENT development)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/cornuConfig.cmake.in ${CMAKE_BINARY_DIR}/gen/cornuConfig.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/gen/cornuConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/gen/cornuConfig.cmake ${CMAKE_BINARY_DIR}/gen/cornuConfigVersion.cmake
        DESTINATION ${package} COMPONENT development)
if(CORNU_CLI)
  install(TARGETS cornu RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT development)
  if(SKBUILD)
    install(TARGETS cornu RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT python)
  endif()
endif()
