# mien_embed(NAME FILE): compiles a file's bytes into the library; MIEN_EMBEDDED(NAME) in lib/io/embedded.hpp reads them.
#
# The assembler takes the bytes as they are (.incbin): no array of numbers for the compiler to read, and a program that
# never asks for them does not carry them when it links the static library.
enable_language(ASM)

function(mien_embed name file)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.S)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [=[
#if defined(__APPLE__)
#define SYMBOL(s) _mien_embedded_@name@_##s
  .const_data
#else
#define SYMBOL(s) mien_embedded_@name@_##s
  .section .rodata
#endif
  .globl SYMBOL(begin)
  .globl SYMBOL(end)
  .balign 64
SYMBOL(begin):
  .incbin "@file@"
SYMBOL(end):
#if defined(__ELF__)
  .section .note.GNU-stack,"",%progbits
#endif
]=])
  set_source_files_properties(${source} TARGET_DIRECTORY mien PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(mien PRIVATE ${source})
endfunction()
