#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the recordings beside it: trainings on generated faces, healthy and sick, in the folder it is run in.
#
#   record.sh path/to/mien        (other kernels, other last digits)
#
# fer2013.csv is the curve of docs/accuracy.md, with four digits; it has no gradient norms and no macro F1.
set -eu
mien=$1
here=$(cd "$(dirname "$0")" && pwd)

cat > net.json <<'JSON'
{"input": [24, 24, 1],
 "layers": [
   {"type": "Conv2D", "name": "conv", "settings": {"filters": 8, "activation": "relu"}},
   {"type": "MaxPooling2D", "name": "pool", "settings": {}},
   {"type": "Conv2D", "name": "conv2", "settings": {"filters": 16, "activation": "relu"}},
   {"type": "MaxPooling2D", "name": "pool2", "settings": {}},
   {"type": "Flatten", "name": "flatten", "settings": {}},
   {"type": "Dense", "name": "hidden", "settings": {"units": 32, "activation": "relu"}},
   {"type": "Dense", "name": "out", "settings": {"units": 7}}
 ]}
JSON
"$mien" data generate faces --per-class 200 --seed 1
"$mien" data generate few --per-class 20 --seed 3
cp -r faces rare # eight pictures of disgust are left
find rare/train/disgust -name '*.*' | sort | tail -n +9 | xargs rm

record() {
  name=$1
  shift
  "$mien" train "$@" --net net.json --threads 1 --out "runs/$name" --quiet
  cut -d, -f1-8 "runs/$name/log.csv" > "$here/$name.csv" # without times
}
record healthy faces --epochs 30
record healthy_seed_2 faces --epochs 30 --seed 2 --batch 64
record healthy_fast faces --epochs 20 --lr 0.003 --seed 3
record healthy_few few --epochs 60 --batch 16
record rate_too_low faces --epochs 5 --lr 1e-6
record rate_low faces --epochs 12 --lr 3e-5
record rate_too_high faces --epochs 5 --lr 3
record dead faces --epochs 5 --lr 0.3
record dead_slowly faces --epochs 5 --lr 0.03
record too_few_steps few --epochs 12
record by_heart few --epochs 60 --batch 16 --lr 0.003 --rotation 0 --zoom 0 --no-flip --validation 0.4
record rare_class rare --epochs 10

"$mien" eval runs/rare_class/last.safetensors rare --json |
  python3 -c 'import json, sys; [print(*row) for row in json.load(sys.stdin)["confusion"]]' \
  > "$here/rare_class_confusion.txt"
