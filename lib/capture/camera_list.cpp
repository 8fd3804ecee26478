// SPDX-License-Identifier: Apache-2.0
#include "lib/capture/camera_list.hpp"

namespace mien {
namespace {

std::string what_is_here() {
  std::string text;
  for (const auto& camera : list_cameras())
    text += concat(text.empty() ? "; here is " : ", ", camera.device.string(), " (",
                   camera.problem.empty() ? camera.name : "not for this user, or in use", ")");
  return text.empty() ? "; no camera is here: plug one in" : text;
}

} // namespace

std::unique_ptr<V4l2Device> open_camera(const std::filesystem::path& path) {
  try {
    return std::make_unique<V4l2Device>(path);
  } catch (const NoCamera& error) {
    throw NoCamera(error.what() + what_is_here());
  }
}

std::unique_ptr<V4l2Device> open_first_camera() {
  std::string problem;
  for (int i = 0; i < most_cameras; ++i) {
    try {
      return std::make_unique<V4l2Device>(camera_path(i));
    } catch (const NoCamera&) {
    } catch (const Error& error) {
      if (problem.empty()) problem = error.what();
    }
  }
  throw Error(problem.empty() ? "no camera is here: plug one in" : problem);
}

std::vector<CameraInfo> list_cameras() {
  std::vector<CameraInfo> cameras;
  for (int i = 0; i < most_cameras; ++i) {
    CameraInfo info{.device = camera_path(i)};
    try {
      const V4l2Device device(info.device);
      info.name = device.name(), info.bus = device.bus(), info.modes = device.modes({});
    } catch (const NoCamera&) {
      continue;
    } catch (const Error& error) {
      info.problem = error.what();
    }
    cameras.push_back(std::move(info));
  }
  return cameras;
}

} // namespace mien
