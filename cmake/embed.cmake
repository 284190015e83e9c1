# recoup_embed(<library> <function> <header> FILES ...): the files as a table inside the library, so that the binary
# works without the source tree. The header declares recoup::app::EmbeddedFile and the function.
set(RECOUP_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)

function(recoup_embed library function header)
  cmake_parse_arguments(ARG "" "" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  string(JOIN "|" files ${ARG_FILES})
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${function} -DHEADER=${header} "-DFILES=${files}"
      -P ${RECOUP_EMBED_SCRIPT}
    DEPENDS ${ARG_FILES} ${RECOUP_EMBED_SCRIPT} VERBATIM)
  target_sources(${library} PRIVATE ${output})
  set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
