// SPDX-License-Identifier: Apache-2.0
// The seven apparent expressions, and the orders in which the field numbers them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mien {

/// The apparent expressions in the order of class folders, which is alphabetical: the order of every label in mien.
inline constexpr std::array<std::string_view, 7> expression_names = {"angry",   "disgust", "fear",    "happy",
                                                                     "neutral", "sad",     "surprise"};

/// What the numbers 0 to 6 in the column `emotion` of fer2013.csv mean: neutral stands last there.
inline constexpr std::array<std::string_view, 7> fer2013_names = {"angry", "disgust",  "fear",   "happy",
                                                                  "sad",   "surprise", "neutral"};

/// What FER+ calls its columns of votes, and the name that mien has for it.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> fer_plus_names = {
    {{"happiness", "happy"}, {"sadness", "sad"}, {"anger", "angry"}}};

/// The place of a name in `expression_names`. Throws Error, with the seven names, for any other text.
[[nodiscard]] std::size_t expression_index(std::string_view name);

/// The names in folder order, as a Dataset and a Classifier hold them.
[[nodiscard]] std::vector<std::string> expression_classes();

} // namespace mien
