# SPDX-License-Identifier: Apache-2.0
# TensorBoard's side of test_tensorboard.cpp: reads the events in a folder as its pages do.
import sys

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(77)

events = EventAccumulator(sys.argv[1], purge_orphaned_data=False).Reload()
assert events.FirstEventTimestamp() == 1.7e9, events.FirstEventTimestamp()

expected = {
    "loss/train": [2.0, 1.0, 2.0 / 3],
    "loss/validation": [2.5, 1.25, 2.5 / 3],
    "accuracy/train": [0.25, 0.5, 0.75],
    "accuracy/validation": [0.125, 0.25, 0.375],
    "macro_f1/validation": [0.0625, 0.125, 0.1875],
    "learning_rate": [0.5, 0.25, 0.5 / 3],
    "gradient_norm": [4.0, 2.0, 4.0 / 3],
    "images_per_second": [1000.0, 1000.0, 1000.0],
}
found = {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}
assert set(found) == set(expected), sorted(found)
for tag, figures in expected.items():
    assert [round(e.value, 6) for e in found[tag]] == [round(f, 6) for f in figures], (tag, found[tag])
    assert [e.step for e in found[tag]] == [1, 2, 3], found[tag]
    assert [e.wall_time for e in found[tag]] == [1.7e9 + 10, 1.7e9 + 20, 1.7e9 + 30], found[tag]

(image,) = events.Images("augmented")
assert (image.width, image.height, image.encoded_image_string[:4]) == (6, 4, b"\x89PNG"), image
(text,) = events.Tensors("options/text_summary" if "options/text_summary" in events.Tags()["tensors"] else "options")
assert make_ndarray(text.tensor_proto).item() == b"| option | value |\n| --- | --- |\n| batch | 32 |\n"
assert events.SummaryMetadata("options").plugin_data.plugin_name == "text"
