// SPDX-License-Identifier: Apache-2.0
// Everything public.
#pragma once

#include "mien/core/dtype.hpp"
#include "mien/core/error.hpp"
#include "mien/core/math.hpp"
#include "mien/core/philox.hpp"
#include "mien/core/rng.hpp"
#include "mien/core/shape.hpp"
#include "mien/core/tensor.hpp"
#include "mien/data/dataset.hpp"
#include "mien/data/preprocessing.hpp"
#include "mien/io/image.hpp"
#include "mien/nn/classifier.hpp"
#include "mien/nn/initializer.hpp"
#include "mien/nn/layer.hpp"
#include "mien/nn/model.hpp"
#include "mien/nn/model_file.hpp"
#include "mien/nn/plan.hpp"
#include "mien/nn/workspace.hpp"
#include "mien/ops/parallel.hpp"
