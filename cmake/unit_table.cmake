# cornu_unit_table(NAME dir): writes gen/NAME_table.inc with one ENTRY(unit) line per source file of the folder, sorted.
# The folder's table.cc includes it twice: to declare every unit, then to list them. A file without its definition is a
# link error that names the unit. The files `table.cc` and `main.cc` and files that
# start with "common_" are not units.
function(cornu_unit_table name dir)
  file(GLOB files RELATIVE ${dir} CONFIGURE_DEPENDS ${dir}/*.cc)
  set(text "")
  foreach(file IN LISTS files)
    get_filename_component(unit ${file} NAME_WE)
    if(NOT unit MATCHES "^(table|main|common_.*)$")
      string(APPEND text "ENTRY(${unit})\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/gen/${name}_table.inc CONTENT "${text}" @ONLY)
endfunction()

# cornu_folder_table(NAME dir): the same, one ENTRY per sub-folder.
function(cornu_folder_table name dir)
  file(GLOB entries RELATIVE ${dir} CONFIGURE_DEPENDS ${dir}/*)
  set(text "")
  foreach(entry IN LISTS entries)
    if(IS_DIRECTORY ${dir}/${entry})
      string(APPEND text "ENTRY(${entry})\n")
    endif()
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/gen/${name}_table.inc CONTENT "${text}" @ONLY)
endfunction()
