# `cmake --install`: the library, its headers, the program, and what find_package and pkg-config read.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mien)
get_target_property(kind mien TYPE)

install(TARGETS mien EXPORT mien-targets)
install(DIRECTORY include/mien DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
install(EXPORT mien-targets NAMESPACE mien:: DESTINATION ${package_dir})
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES data/cascades/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR}/cascades) # of tables that are compiled in

# A static library passes the libraries under it on to whoever links it; a shared one has linked them already.
set(mien_dependencies "")
set(mien_requires "")
set(mien_libs "")
if(kind STREQUAL "STATIC_LIBRARY")
  set(mien_dependencies "find_dependency(Threads)\nfind_dependency(hwy)\nfind_dependency(fmt)\nfind_dependency(pugixml)\n")
  set(mien_requires "libhwy fmt pugixml")
  set(mien_libs "-pthread")
  if(MIEN_WITH_SDL2 AND sdl2_FOUND)
    string(APPEND mien_libs " -ldl")
  endif()
  if(MIEN_PARALLEL STREQUAL "openmp")
    string(APPEND mien_dependencies "find_dependency(OpenMP COMPONENTS CXX)\n")
    string(APPEND mien_libs " ${OpenMP_CXX_FLAGS}")
  endif()
endif()

configure_package_config_file(cmake/mien-config.cmake.in ${PROJECT_BINARY_DIR}/mien-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/mien-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/mien-config.cmake ${PROJECT_BINARY_DIR}/mien-config-version.cmake
        DESTINATION ${package_dir})

# The prefix is found from the file's own place, so that an installed tree may be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
configure_file(cmake/mien.pc.in ${PROJECT_BINARY_DIR}/mien.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/mien.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
