#!/usr/bin/env python3
"""Writes struct_layouts.txt: what a C compiler makes of every structure of the binding.

    python3 struct_layouts.py VK_XML INCLUDE_FOLDER > struct_layouts.txt

One line a structure: its name, its size, the offset of each member in the registry's order.
INCLUDE_FOLDER holds the vulkan/ headers of the same version as VK_XML.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

registry, include = sys.argv[1:]
here = pathlib.Path(__file__).resolve().parent
generated = here.parents[2] / "src/VkInception.Vulkan/Interop/Structs.g.cs"
wanted = ["Vk" + name for name in re.findall(r"internal unsafe partial struct (\w+)", generated.read_text())]
members = {
    node.get("name"): [m.findtext("name") for m in node.findall("member") if "vulkan" in m.get("api", "vulkan").split(",")]
    for node in ElementTree.parse(registry).getroot().iter("type")
    if node.get("category") in ("struct", "union") and "vulkan" in node.get("api", "vulkan").split(",")
}
lines = ["#define VK_ENABLE_BETA_EXTENSIONS", "#include <stddef.h>", "#include <stdio.h>", "#include <vulkan/vulkan.h>", "#include <vulkan/vulkan_beta.h>", "int main(void) {"]
for name in wanted:
    offsets = "".join(f', (int)offsetof({name}, {member})' for member in members[name])
    lines.append(f'printf("{name} %d{" %d" * len(members[name])}\\n", (int)sizeof({name}){offsets});')
lines.append("return 0; }")
with tempfile.TemporaryDirectory() as folder:
    source = pathlib.Path(folder) / "layouts.c"
    source.write_text("\n".join(lines))
    program = pathlib.Path(folder) / "layouts"
    subprocess.run(["cc", "-I", include, "-o", program, source], check=True)
    sys.stdout.write(subprocess.run([program], check=True, capture_output=True, text=True).stdout)
