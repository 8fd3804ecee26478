// SPDX-License-Identifier: Apache-2.0
// Those functions of SDL2 that a window needs, loaded when they are first asked for.
#pragma once

#include "mien/core/error.hpp"

#include <dlfcn.h>

#define SDL_MAIN_HANDLED
#include <SDL.h>

namespace mien {

/// SDL2's own names. Half a desktop's libraries come with it, so it is no part of the program's start.
class Sdl {
public:
  decltype(&SDL_InitSubSystem) init = load<decltype(&SDL_InitSubSystem)>("SDL_InitSubSystem");
  decltype(&SDL_QuitSubSystem) quit = load<decltype(&SDL_QuitSubSystem)>("SDL_QuitSubSystem");
  decltype(&SDL_GetError) error = load<decltype(&SDL_GetError)>("SDL_GetError");
  decltype(&SDL_SetHint) set_hint = load<decltype(&SDL_SetHint)>("SDL_SetHint");
  decltype(&SDL_GetHint) hint = load<decltype(&SDL_GetHint)>("SDL_GetHint");
  decltype(&SDL_GetCurrentVideoDriver) driver = load<decltype(&SDL_GetCurrentVideoDriver)>("SDL_GetCurrentVideoDriver");
  decltype(&SDL_CreateWindow) create_window = load<decltype(&SDL_CreateWindow)>("SDL_CreateWindow");
  decltype(&SDL_DestroyWindow) destroy_window = load<decltype(&SDL_DestroyWindow)>("SDL_DestroyWindow");
  decltype(&SDL_SetWindowTitle) set_title = load<decltype(&SDL_SetWindowTitle)>("SDL_SetWindowTitle");
  decltype(&SDL_SetWindowFullscreen) set_full_screen =
      load<decltype(&SDL_SetWindowFullscreen)>("SDL_SetWindowFullscreen");
  decltype(&SDL_GetDisplayUsableBounds) usable_bounds =
      load<decltype(&SDL_GetDisplayUsableBounds)>("SDL_GetDisplayUsableBounds");
  decltype(&SDL_CreateRenderer) create_renderer = load<decltype(&SDL_CreateRenderer)>("SDL_CreateRenderer");
  decltype(&SDL_DestroyRenderer) destroy_renderer = load<decltype(&SDL_DestroyRenderer)>("SDL_DestroyRenderer");
  decltype(&SDL_RenderSetLogicalSize) set_logical_size =
      load<decltype(&SDL_RenderSetLogicalSize)>("SDL_RenderSetLogicalSize");
  decltype(&SDL_RenderClear) clear = load<decltype(&SDL_RenderClear)>("SDL_RenderClear");
  decltype(&SDL_RenderCopy) copy = load<decltype(&SDL_RenderCopy)>("SDL_RenderCopy");
  decltype(&SDL_RenderPresent) present = load<decltype(&SDL_RenderPresent)>("SDL_RenderPresent");
  decltype(&SDL_CreateTexture) create_texture = load<decltype(&SDL_CreateTexture)>("SDL_CreateTexture");
  decltype(&SDL_DestroyTexture) destroy_texture = load<decltype(&SDL_DestroyTexture)>("SDL_DestroyTexture");
  decltype(&SDL_UpdateTexture) update_texture = load<decltype(&SDL_UpdateTexture)>("SDL_UpdateTexture");
  decltype(&SDL_PollEvent) poll_event = load<decltype(&SDL_PollEvent)>("SDL_PollEvent");
  decltype(&SDL_GetKeyName) key_name = load<decltype(&SDL_GetKeyName)>("SDL_GetKeyName");

  Sdl(const Sdl&) = delete;
  Sdl& operator=(const Sdl&) = delete;

  /// Throws Error if it is not installed. It stays loaded: libraries under it do not bear to be taken away.
  static const Sdl& get() {
    static const Sdl sdl;
    return sdl;
  }

private:
  Sdl() = default;

  template <class F> F load(const char* name) {
    static constexpr const char* library = "libSDL2-2.0.so.0";
    static void* const handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
    void* const function = handle ? ::dlsym(handle, name) : nullptr;
    if (function) return reinterpret_cast<F>(function);
    throw Error(concat("no window can be opened: ", library, " ", handle ? concat("has no ", name) : "is not here",
                       "; install SDL2 (Debian's and Ubuntu's package libsdl2-2.0-0)"));
  }
};

} // namespace mien
