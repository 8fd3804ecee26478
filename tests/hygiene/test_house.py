# SPDX-License-Identifier: Apache-2.0
"""Tests the tests: every rule of house.py passes a clean house and names each sinner, and so does symbols.py."""
import tempfile
import unittest
from pathlib import Path

import house
import symbols

HEAD = "// SPDX-License-Identifier: Apache-2.0\n// A file.\n"
CLEAN = {
    "include/mien/mien.hpp": HEAD + '#include "mien/core/a.hpp"\n#include "mien/kernels.hpp"\n',
    "include/mien/core/a.hpp": HEAD + "#pragma once\n",
    "include/mien/kernels.hpp": HEAD + '#include "mien/core/a.hpp" // no _mm_add_ps, no assert()\n',
    "lib/nn/b.cpp": HEAD + '#include "lib/nn/b.hpp"\n#include "mien/io/image.hpp"\n#include <vector>\n',
    "lib/ops/parallel.cpp": HEAD + "#pragma omp parallel for\n",
    "tools/main.cpp": HEAD + '#include "mien/mien.hpp"\n#include "tools/help.hpp"\n',
    "examples/photo.cpp": HEAD + "int main() {}\n",
    "README.md": "# mien\n\n```cpp\n" + HEAD + "int main() {}\n```\n\n```cpp\nint other;\n```\n",
}
SINNERS = [
    ("floors", "lib/core/a.cpp", HEAD + '#include "mien/nn/model.hpp"\n'),
    ("floors", "lib/nn/a.cpp", HEAD + '#include <mien/vision/box.hpp>\n'),
    ("floors", "lib/train/a.cpp", HEAD + '#include "mien/emotion/labels.hpp"\n'),
    ("floors", "lib/core/a.cpp", HEAD + '#include "mien/kernels.hpp"\n'),
    ("floors", "include/mien/kernels.hpp", HEAD + '#include "mien/ops/conv2d.hpp"\n'),
    ("floors", "lib/nn/a.cpp", HEAD + '#include "mien/mien.hpp"\n'),
    ("floors", "lib/nn/a.cpp", HEAD + '#include "tests/support/close.hpp"\n'),
    ("floors", "tools/a.cpp", HEAD + '#include "tests/support/close.hpp"\n'),
    *(("headers", "include/mien/core/a.hpp", HEAD + code + "\n") for code in (
        "#pragma omp simd", "#include <immintrin.h>", "auto y = _mm256_add_ps(a, b);", "__m512 x;", "#ifdef __AVX2__",
        "assert(x);", "#ifndef NDEBUG", "#include <nlohmann/json.hpp>", '#include "hwy/highway.h"',
        "#define STB_IMAGE_IMPLEMENTATION")),
    ("threads", "lib/nn/a.cpp", HEAD + "#pragma omp parallel for\n"),
    ("threads", "tools/a.cpp", HEAD + "std::jthread t;\n"),
    ("umbrella", "include/mien/nn/new.hpp", HEAD),
    ("budget", "lib/nn/long.cpp", HEAD + "int x;\n" * 299),
    ("text", "lib/core/a.cpp", "// A file.\nint x;\n"),
    ("text", "include/mien/core/a.hpp", HEAD.splitlines()[0] + "\n#pragma once\n"),
    ("text", "docs/a.md", "a\tb\n"),
    ("text", "scripts/check", "true \n"),
    ("text", "lib/core/a.cpp", HEAD + 'auto s = "\u00e9";\n'),
    ("text", "docs/a.md", "see /ho" + "me/me/data\n"),
    ("readme", "README.md", "```cpp\n" + HEAD + "int  main() {}\n```\n"),
    ("readme", "README.md", "no program\n"),
    ("links", "docs/a.md", "[web](https://x.org/a) [here](#part) [up](../README.md) [gone](b.md)\n"),
]
NM = """
math.cpp.o:
                 U _ZSt20__throw_length_errorPKc
                 U {}
0000000000000000 {}
"""


def build(folder, files):
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class House(unittest.TestCase):
    def test_a_clean_house_passes_every_rule(self):
        with tempfile.TemporaryDirectory() as folder:
            build(folder, CLEAN)
            for name, rule in house.RULES.items():
                self.assertEqual(list(rule(Path(folder))), [], name)

    def test_every_rule_names_its_sinners(self):
        for rule, name, text in SINNERS:
            with tempfile.TemporaryDirectory() as folder:
                build(folder, CLEAN | {name: text})
                found = list(house.RULES[rule](Path(folder)))
                self.assertEqual(len(found), 1, (rule, name, text[:200], found))


class Symbols(unittest.TestCase):
    def test_a_quiet_library_passes(self):
        self.assertEqual(list(symbols.quiet(NM.format("memcpy", "W _ZN4mien3lib1fEv"))), [])

    def test_what_prints_exits_or_reads_the_environment_is_named(self):
        for name in ("_ZSt4cout", "_ZSt4cerr", "printf", "puts", "stderr", "exit", "abort", "__assert_fail", "getenv"):
            self.assertEqual(len(list(symbols.quiet(NM.format(name, "T f")))), 1, name)

    def test_a_weak_reference_function_is_named(self):
        found = list(symbols.quiet(NM.format("memcpy", "W _ZN4mien9reference4reluIfEEvPT_")))
        self.assertEqual(len(found), 1)

    def test_a_weak_function_with_vector_instructions_is_named_unless_its_target_is_in_its_name(self):
        code = "0000000000000000 <{}>:\n   0:\t{}\n"
        wide, narrow = "vaddps %ymm0,%ymm1,%ymm0", "addps  %xmm0,%xmm1"
        for name, instruction, sins in (("_ZSt3maxv", wide, 1), ("_ZSt3maxv", narrow, 0),
                                        ("_ZN4mien6N_AVX23maxv", wide, 0), ("_ZN4mien6strongv", wide, 0),
                                        ("_ZN4mien6N_AVX210kernel_setEPKc", wide, 1),
                                        ("_ZN4mien6N_AVX210kernel_setEPKc", narrow, 0)):
            weak = {} if "strong" in name else {name}
            self.assertEqual(len(list(symbols.leaked(code.format(name, instruction), weak))), sins, (name, instruction))


if __name__ == "__main__":
    unittest.main()
